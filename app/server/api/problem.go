package api

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"time"

	"dozvon/app/phone"
	"dozvon/app/server/access"
	"dozvon/app/server/crm"
	"dozvon/app/server/directory"
	"dozvon/app/server/followup"
	"dozvon/app/server/imports/run"
	"dozvon/app/server/outbound"
	"dozvon/app/server/pbx"
	"dozvon/app/server/recordings"
	"dozvon/app/server/sessions"
	"dozvon/app/server/store"
	"dozvon/app/server/switchboard"
	"dozvon/app/server/table"
	"dozvon/app/server/undo"
	"dozvon/client"
)

// words of one code: what happened, what stays true, what to do.
type words struct {
	status int
	ru, en string
}

// problems is every error of the API. The codes are stable; the texts are for people.
var problems = map[string]words{
	"unauthorized":      {401, "Сеанс не действует. Войдите ещё раз.", "The session is not valid. Sign in again."},
	"wrong_password":    {401, "Логин или пароль не подходит. Проверьте раскладку и Caps Lock.", "The login or password is wrong. Check the layout and Caps Lock."},
	"too_many_tries":    {429, "Слишком много попыток входа. Подождите минуту и попробуйте снова.", "Too many tries to sign in. Wait a minute and try again."},
	"forbidden":         {403, "Для этого нужна роль выше. Обратитесь к администратору.", "This needs a higher role. Ask the administrator."},
	"not_yours":         {403, "Это звонок другого сотрудника. Управлять им может он сам или менеджер.", "This is another employee's call. Only they or a manager can do this."},
	"participants_only": {403, "В вашей школе записи слышат участники разговора и руководители. Попросите руководителя открыть этот звонок.", "In your school those who took part in a call, and managers, hear its recording. Ask a manager to open this call."},
	"sms_minute_limit":  {429, "Сообщение не отправлено: за минуту отправлено уже столько, сколько разрешено. Подождите минуту и отправьте его снова.", "The message was not sent: as many as are allowed a minute were sent already. Wait a minute and send it again."},
	"sms_day_limit":     {429, "Сообщение не отправлено: за сутки отправлено уже столько, сколько разрешено одному сотруднику. Предел меняет директор в настройках школы.", "The message was not sent: as many as one employee is allowed a day were sent already. The director changes the limit in the school's settings."},
	"sms_forbidden":     {403, "Сообщение не отправлено: в настройках школы SMS выключены. Включить их может директор.", "The message was not sent: messages are switched off in the school's settings. The director can switch them on."},
	"abroad_limit":      {429, "Звонок не начат: за сутки вы уже звонили за границу столько, сколько разрешено. Предел меняет директор в настройках школы.", "The call was not begun: you have called abroad as often as is allowed a day. The director changes the limit in the school's settings."},
	"abroad_forbidden":  {403, "Звонок не начат: звонить за границу в вашей школе нельзя. Проверьте номер; разрешить такие звонки может директор.", "The call was not begun: calling abroad is not allowed in your school. Check the number; the director can allow such calls."},
	"not_found":         {404, "Такой записи нет: возможно, её удалили. Обновите список.", "There is no such record; it may have been deleted. Reload the list."},
	"no_recording":      {404, "У этого звонка нет записи: она не велась или удалена в АТС.", "This call has no recording: none was made, or the PBX deleted it."},
	"recording_gone":    {404, "Запись удалена в АТС: в кабинете Mango Office её больше нет.", "The PBX has deleted the recording: its cabinet does not have it any more."},
	"not_now":           {409, "Сейчас это невозможно: звонок в другом состоянии. Посмотрите на карточку и попробуйте снова.", "Not possible now: the call is in another state. Look at the card and try again."},
	"inactive":          {409, "Подключение выключено. Включите «Активна» в его настройках.", "The connection is off. Switch “Active” on in its settings."},
	"too_long":          {422, "Сообщение слишком длинное: ", "The message is too long: "},
	"pbx_blocked":       {503, "АТС временно не принимает команды: ", "The PBX takes no commands for now: "},
	"not_ready":         {425, "АТС ещё готовит запись. Она появится сама.", "The PBX is still preparing the recording. It will appear by itself."},
	"no_extension":      {409, "Вам не назначен внутренний номер, поэтому АТС не знает, куда вам звонить. Попросите бухгалтера добавить его: Настройки → Mango Office → Внутренние номера.", "You have no extension, so the PBX does not know where to ring you. Ask the accountant to add it: Settings → Mango Office → Extensions."},
	"no_integration":    {409, "Телефония не подключена или выключена. Попросите бухгалтера включить её: Настройки → Mango Office.", "No PBX is connected, or it is switched off. Ask the accountant: Settings → Mango Office."},
	"call_ended":        {409, "Звонок уже закончился.", "The call is over already."},
	"undo_late":         {409, "Отменить уже нельзя: время вышло, или карточку изменили после вас. Всё, что было, осталось в её истории.", "Too late to undo: the time is over, or the card was changed since. Its history has all that was."},
	"conflict":          {409, "Запись изменили, пока вы её правили. Ваши изменения не сохранены; посмотрите, что теперь записано, и внесите их снова.", "The record was changed while you were changing it. Your changes were not saved; look at what it says now and make them again."},
	"missed_taken":      {409, "Этого клиента уже взял коллега.", "A colleague has taken this caller already."},
	"taken":             {409, "Такое значение уже есть у другой записи.", "Another record has this value already."},
	"bad_phone":         {422, "Это не похоже на номер телефона. Введите его целиком, например +7 914 555-01-48.", "This does not look like a telephone number. Type it whole, e.g. +7 914 555-01-48."},
	"city_code_missing": {422, "В номере нет кода города. Введите номер целиком, например +7 423 255-02-08, или укажите код города школы: Настройки → Школа.", "The number lacks its city code. Type it whole, e.g. +7 423 255-02-08, or give the school's city code: Settings → School."},
	"invalid":           {422, "Проверьте поля: ", "Check the fields: "},
	"bad_cursor":        {422, "Список устарел. Откройте его заново.", "The list is out of date. Open it again."},
	"pbx_refused":       {502, "АТС не выполнила команду: ", "The PBX refused: "},
	"pbx_unreachable":   {502, "АТС не отвечает. Проверьте интернет на сервере и попробуйте ещё раз.", "The PBX does not answer. Check the server's internet and try again."},
	"import_busy":       {409, "Загрузка уже идёт. Дождитесь её конца.", "The import goes on already. Wait for its end."},
	"bad_import":        {422, "", ""},
	"slow_body":         {408, "Данные перестали приходить, поэтому ничего не сохранено. Проверьте сеть и отправьте ещё раз.", "The data stopped coming, so nothing was kept. Check the network and send it again."},
	"bad_text":          {422, "В адресе есть знаки, которые нельзя хранить: нулевой символ или байты не в UTF-8. Уберите их и повторите.", "The address holds characters that cannot be kept: NUL, or bytes that are no UTF-8. Take them out and try again."},
	"disk_full":         {507, "На диске сервера нет места, поэтому это не сохранено. Всё, что было, цело. Освободите место и повторите.", "The server's disk is full, so this was not kept. All that was there is whole. Make room and try again."},
	"database_away":     {503, "База данных не отвечает. Подождите минуту; если вы что-то сохраняли, проверьте, сохранилось ли, и если нет, повторите.", "The database does not answer. Wait a minute; if you were saving something, look whether it was kept, and try again if it was not."},
	"internal":          {500, "На сервере случилась ошибка. Ничего не потеряно, попробуйте ещё раз; подробности в журнале сервера.", "The server had an error. Nothing is lost, try again; the server's log tells more."},

	// Of signing in and accounts.
	"wrong_old_password": {403, "Прежний пароль не подходит. Пароль остался прежним.", "The present password is wrong. It was not changed."},
	"switched_off":       {401, "Учётная запись выключена. Обратитесь к директору.", "The account is switched off. Ask the director."},
	"busy":               {503, "Слишком много входов сразу. Подождите несколько секунд и попробуйте снова.", "Too many people sign in at once. Wait some seconds and try again."},
	"above_role":         {403, "Эта учётная запись или роль выше вашей. Обратитесь к администратору.", "This account or role is above yours. Ask the administrator."},
	"last_admin":         {409, "Это последний администратор, который может войти. Сначала назначьте ещё одного.", "This is the last administrator who can sign in. Appoint another one first."},
	"own_password":       {403, "Свой пароль меняют, назвав нынешний: Настройки → Программа → Сменить пароль.", "One's own password is changed by telling the present one: Settings → Program → Change password."},
	"weak_password":      {422, "", ""},
}

func lang(header string) string {
	if strings.HasPrefix(strings.ToLower(header), "en") {
		return "en"
	}
	return "ru"
}

func problem(code, language string) *client.Problem {
	w := problems[code]
	p := &client.Problem{Type: "about:blank", Title: http.StatusText(w.status), Status: w.status, Code: code, Detail: w.ru}
	if language == "en" {
		p.Detail = w.en
	}
	return p
}

// awayFor is after how long it is worth asking a database again that does not answer.
const awayFor = 5 * time.Second

// byError finds the code of what went wrong inside.
var byError = []struct {
	err  error
	code string
}{
	{directory.ErrNoExtension, "no_extension"},
	{directory.ErrNoIntegration, "no_integration"},
	{switchboard.ErrEnded, "call_ended"},
	{access.ErrNotYours, "not_yours"},
	{access.ErrNotParticipant, "participants_only"},
	{recordings.ErrNoRecording, "no_recording"},
	{recordings.ErrNotReady, "not_ready"},
	{recordings.ErrGone, "recording_gone"},
	{switchboard.ErrNotNow, "not_now"},
	{followup.ErrNotNow, "not_now"},
	{directory.ErrInactive, "inactive"},
	{undo.ErrLate, "undo_late"},
	{run.ErrBusy, "import_busy"},
	{followup.ErrTaken, "missed_taken"},
	{pbx.ErrNoRecording, "no_recording"},
	{phone.ErrNotANumber, "bad_phone"},
	{phone.ErrCityCodeMissing, "city_code_missing"},
	{store.ErrCursor, "bad_cursor"},
	{store.ErrNotFound, "not_found"},
	{store.ErrTaken, "taken"},
	{sessions.ErrWrongPassword, "wrong_password"},
	{sessions.ErrWrongOldPassword, "wrong_old_password"},
	{sessions.ErrSwitchedOff, "switched_off"},
	{access.ErrRole, "forbidden"},
	{access.ErrAbove, "above_role"},
	{access.ErrLastAdmin, "last_admin"},
	{access.ErrOwnPassword, "own_password"},
}

// fail turns an error into the answer. The cause goes to the log, never out.
func fail(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	language := languageOf(ctx)
	if errors.Is(err, phone.ErrSeveral) {
		p := problem("bad_phone", language)
		p.Detail = either(severalNumbers, language)
		return p
	}
	var refused *pbx.Refused
	if errors.As(err, &refused) {
		p := problem("pbx_refused", language)
		p.PBXCode, p.Detail = refused.Code, either(refused.Sentence(), language)
		return p
	}
	var blocked *pbx.Blocked
	if errors.As(err, &blocked) {
		p := problem("pbx_blocked", language)
		p.PBXCode = blocked.Code
		p.Detail += either(blocked.Words, language) + " (" + blocked.Until.Local().Format("15:04:05") + ")"
		return p
	}
	if p := accessProblem(err, language); p != nil {
		return p
	}
	var long *pbx.TooLong
	if errors.As(err, &long) {
		p := problem("too_long", language)
		p.Detail += fmt.Sprintf("%d / %d", long.Have, long.Limit)
		return p
	}
	var conflict *store.Conflict
	if errors.As(err, &conflict) {
		p := problem("conflict", language)
		p.ChangedBy, p.ChangedAt, p.ETag = conflict.By, conflict.At, conflict.ETag
		return p
	}
	var limit *switchboard.Limit
	if errors.As(err, &limit) {
		return limitProblem(limit, language)
	}
	var fault *table.Fault
	if errors.As(err, &fault) {
		return faultProblem(fault, language)
	}
	var bad *run.BadInput
	if errors.As(err, &bad) {
		p := problem("bad_import", language)
		p.Detail = bad.In(language)
		return p
	}
	var invalid *crm.Invalid
	if errors.As(err, &invalid) {
		p := problem("invalid", language)
		for _, f := range few(invalid.Faults) {
			p.Fields = append(p.Fields, cut(f))
		}
		p.Detail += strings.Join(p.Fields, "; ")
		return p
	}
	if errors.Is(err, pbx.ErrUnreachable) {
		return unreachable(ctx, err)
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return problem("slow_body", languageOf(ctx))
	}
	for _, known := range byError {
		if errors.Is(err, known.err) {
			return problem(known.code, language)
		}
	}
	if ctx.Err() == nil {
		slog.Error("request failed", "err", err)
	}
	p := problem(inside(err), language)
	if p.Code == "database_away" {
		return later(p, awayFor)
	}
	return p
}

// inside is the code of what went wrong for nobody's fault: the disk, the database, or us.
func inside(err error) string {
	switch {
	case store.IsFull(err):
		return "disk_full"
	case store.IsAway(err):
		return "database_away"
	}
	return "internal"
}

// unreachable says what came instead of an answer, and where that is not known, that the command
// may have been carried out.
func unreachable(ctx context.Context, err error) *client.Problem {
	slog.Warn("no answer of the PBX", "err", err)
	language := languageOf(ctx)
	p := problem("pbx_unreachable", language)
	switch {
	case errors.Is(err, outbound.ErrForbidden):
		p.Detail = either(forbiddenWords, language)
	case errors.Is(err, pbx.ErrUnclear):
		p.Detail = either(unclearWords, language)
	}
	if errors.Is(err, pbx.ErrUncertain) {
		p.Detail += " " + either(uncertainWords, language)
	}
	return p
}

var (
	forbiddenWords = pbx.Words{
		RU: "Адрес АТС ведёт туда, куда серверу подключаться не разрешено, поэтому ничего не отправлено. Проверьте адрес API в настройках; для АТС в своей сети сервер запускают с --allow-local-pbx.",
		EN: "The PBX's address leads where the server may not connect, so nothing was sent. Check the API address in the settings; for a PBX in your own network the server is run with --allow-local-pbx.",
	}
	unclearWords = pbx.Words{
		RU: "По адресу АТС ответили не так, как отвечает АТС. Проверьте адрес API в настройках и попробуйте ещё раз.",
		EN: "What answers at the PBX's address does not answer as the PBX does. Check the API address in the settings and try again.",
	}
	uncertainWords = pbx.Words{
		RU: "Команда могла выполниться: прежде чем повторять, посмотрите на телефон и в ленту.",
		EN: "The command may have been carried out: look at the telephone and the feed before you repeat it.",
	}
)

// limitProblem tells what is used up; how much of it there is stands at the end.
func limitProblem(l *switchboard.Limit, language string) *client.Problem {
	code := map[switchboard.LimitKind]string{
		switchboard.LimitSMSMinute: "sms_minute_limit", switchboard.LimitSMSDay: "sms_day_limit", switchboard.LimitAbroad: "abroad_limit",
	}[l.Kind]
	if l.Most == 0 {
		code = map[bool]string{true: "abroad_forbidden", false: "sms_forbidden"}[l.Kind == switchboard.LimitAbroad]
	}
	p := problem(code, language)
	if l.Most > 0 {
		p.Detail += fmt.Sprintf(" (%d)", l.Most)
	}
	return p
}

// faultProblem tells what is wrong with a file; its code is the fault's.
func faultProblem(f *table.Fault, language string) *client.Problem {
	status := http.StatusUnprocessableEntity
	if f.Code == table.TooBig {
		status = http.StatusRequestEntityTooLarge
	}
	return &client.Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Code: string(f.Code), Detail: f.Words(language)}
}

// severalNumbers are the words where one number was asked for and the text holds more.
var severalNumbers = pbx.Words{
	RU: "Здесь несколько номеров. Оставьте один, по которому позвонить.",
	EN: "There are several numbers here. Leave the one to call.",
}

func either(w pbx.Words, language string) string {
	if language == "en" {
		return w.EN
	}
	return w.RU
}

type langKey struct{}

func languageOf(ctx context.Context) string {
	if l, ok := ctx.Value(langKey{}).(string); ok {
		return l
	}
	return "ru"
}
