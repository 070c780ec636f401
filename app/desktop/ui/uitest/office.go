package uitest

const OfficePassword = "correct horse"
