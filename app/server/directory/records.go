package directory

// Names of records that are not cards, as their last change is kept by them.
const settingsRecord = "settings"

func employeeRecord(id string) string    { return "employee:" + id }
func integrationRecord(id string) string { return "integration:" + id }
func extensionsRecord(id string) string  { return "extensions:" + id }
