package mango

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"dozvon/app/mango"
	"dozvon/app/phone"
	"dozvon/app/server/outbound"
	"dozvon/app/server/pbx"
)

// Names of the findings, in the order in which they are shown.
var (
	nameAPI        = pbx.Words{RU: "Адрес API", EN: "API address"}
	nameKeys       = pbx.Words{RU: "Код и ключ подписи", EN: "Code and signing key"}
	nameEvents     = pbx.Words{RU: "События доходят до нас", EN: "Events reach us"}
	nameClock      = pbx.Words{RU: "Часы", EN: "Clocks"}
	nameExtensions = pbx.Words{RU: "Внутренние номера", EN: "Extensions"}
	nameLines      = pbx.Words{RU: "Линии", EN: "Lines"}
	nameRecordings = pbx.Words{RU: "Записи разговоров", EN: "Recordings"}
	nameRouting    = pbx.Words{RU: "Имя на экране телефона", EN: "Name on the telephone"}
	nameBalance    = pbx.Words{RU: "Баланс", EN: "Balance"}
)

// lowBalance is the sum below which calls may soon stop, in the account's currency.
const lowBalance = 300

// clockLimit is how far clocks may differ before calls land in the wrong minute of the feed.
const clockLimit = 30 * time.Second

// Check asks the PBX for everything that it answers at once, and looks at what has come of itself.
func (p *Provider) Check(ctx context.Context, f pbx.CheckFacts) []pbx.Finding {
	users, err := p.users(ctx, false)
	out := []pbx.Finding{checkAPI(p.cfg.URL, err), checkKeys(err)}
	out = append(out, checkEvents(f), p.checkClock(f))
	if err == nil {
		out = append(out, checkExtensions(users, f.Owners), p.checkLines(ctx))
	}
	out = append(out, checkRecordings(f), p.checkRouting(f))
	if err == nil {
		out = append(out, p.checkBalance(ctx))
	}
	return out
}

func finding(id string, name pbx.Words, state pbx.FindingState, ru, en string) pbx.Finding {
	return pbx.Finding{ID: id, Name: name, State: state, Words: pbx.Words{RU: ru, EN: en}}
}

func checkAPI(url string, err error) pbx.Finding {
	if errors.Is(err, outbound.ErrForbidden) {
		return finding("api", nameAPI, pbx.FindingFailed,
			url+" ведёт туда, куда серверу подключаться не разрешено. Проверьте адрес; для АТС в своей сети сервер запускают с --allow-local-pbx.",
			url+" leads where the server may not connect. Check the address; for a PBX in your own network the server is run with --allow-local-pbx.")
	}
	if errors.Is(err, pbx.ErrUnclear) {
		return finding("api", nameAPI, pbx.FindingFailed,
			"По адресу "+url+" отвечает не АТС. Проверьте адрес в кабинете: Интеграции → API коннектор → «Адрес API Виртуальной АТС».",
			"What answers at "+url+" is not the PBX. Check the address in the cabinet: Интеграции → API коннектор → «Адрес API Виртуальной АТС».")
	}
	if errors.Is(err, pbx.ErrUnreachable) {
		return finding("api", nameAPI, pbx.FindingFailed,
			"Не отвечает: "+url+". Проверьте интернет на сервере и адрес в кабинете: Интеграции → API коннектор → «Адрес API Виртуальной АТС».",
			"No answer from "+url+". Check the server's internet, and the address in the cabinet: Интеграции → API коннектор → «Адрес API Виртуальной АТС».")
	}
	return finding("api", nameAPI, pbx.FindingOK, "Отвечает", "Answers")
}

func checkKeys(err error) pbx.Finding {
	var refused *pbx.Refused
	var blocked *pbx.Blocked
	switch {
	case err == nil:
		return finding("keys", nameKeys, pbx.FindingOK, "АТС знает код и приняла подпись", "The PBX knows the code and took the signature")
	case errors.As(err, &blocked):
		at := blocked.Until.Local().Format("15:04:05")
		return finding("keys", nameKeys, pbx.FindingFailed,
			"Проверить нельзя до "+at+": "+blocked.Words.RU+".", "Cannot be tried until "+at+": "+blocked.Words.EN+".")
	case errors.As(err, &refused):
		return finding("keys", nameKeys, pbx.FindingFailed, refused.Sentence().RU, refused.Sentence().EN)
	}
	return finding("keys", nameKeys, pbx.FindingUnknown, "Пока АТС не отвечает, не проверить", "Cannot be tried while the PBX does not answer")
}

func checkEvents(f pbx.CheckFacts) pbx.Finding {
	if f.LastEvent.IsZero() {
		return finding("webhook", nameEvents, pbx.FindingWarning,
			"Ещё ни одного. Вставьте "+f.HookURL+" в кабинет: Интеграции → API коннектор → «Адрес внешней системы», и нажмите «Сохранить».",
			"None yet. Paste "+f.HookURL+" in the cabinet: Интеграции → API коннектор → «Адрес внешней системы», and press «Сохранить».")
	}
	ago := f.Now.Sub(f.LastEvent)
	ru := "Последнее — " + agoRU(ago) + ", задержка меньше секунды"
	en := "The last one " + agoEN(ago) + ", delay below a second"
	if f.Delay >= time.Second {
		ru = "Последнее — " + agoRU(ago) + ", задержка " + secondsRU(f.Delay)
		en = "The last one " + agoEN(ago) + ", delay " + fmt.Sprintf("%.1f s", f.Delay.Seconds())
	}
	return finding("webhook", nameEvents, pbx.FindingOK, ru, en)
}

func (p *Provider) checkClock(pbx.CheckFacts) pbx.Finding {
	ahead, known := p.skew.Read()
	if !known {
		return finding("clock", nameClock, pbx.FindingUnknown, "АТС не сказала своего времени", "The PBX did not tell its time")
	}
	diff := ahead.Abs().Round(time.Second)
	if diff < clockLimit {
		return finding("clock", nameClock, pbx.FindingOK, "Расходятся не больше чем на "+secondsRU(max(diff, time.Second)), fmt.Sprintf("Within %.0f s of each other", max(diff, time.Second).Seconds()))
	}
	return finding("clock", nameClock, pbx.FindingWarning,
		"Часы сервера и АТС расходятся на "+secondsRU(diff)+". Включите на сервере синхронизацию времени (NTP).",
		fmt.Sprintf("The server's clock and the PBX's are %.0f s apart. Switch time synchronisation (NTP) on.", diff.Seconds()))
}

func checkExtensions(users []mango.User, owners map[string]string) pbx.Finding {
	there := map[string]bool{}
	var nobody []string
	for _, u := range users {
		ext := string(u.Telephony.Extension)
		if ext == "" {
			continue
		}
		there[ext] = true
		if owners[ext] == "" {
			nobody = append(nobody, ext)
		}
	}
	var missing []string
	for ext, name := range owners {
		if !there[ext] {
			missing = append(missing, ext+" ("+name+")")
		}
	}
	slices.Sort(nobody)
	slices.Sort(missing)
	switch {
	case len(owners) == 0:
		return finding("extensions", nameExtensions, pbx.FindingFailed,
			"Таблица пуста: карточка не появится ни у кого. Нажмите «Взять из АТС».", "The table is empty: no card will appear. Press “Take from the PBX”.")
	case len(missing) > 0:
		list := strings.Join(missing, ", ")
		return finding("extensions", nameExtensions, pbx.FindingWarning,
			"В АТС нет номеров: "+list+". Исправьте таблицу или карточку сотрудника в кабинете.", "The PBX has no such extensions: "+list+". Mend the table, or the employee's card in the cabinet.")
	case len(nobody) > 0:
		list := strings.Join(nobody, ", ")
		return finding("extensions", nameExtensions, pbx.FindingWarning,
			"Есть в АТС, но ни с кем не связаны: "+list+". Нажмите «Взять из АТС».", "In the PBX but nobody's here: "+list+". Press “Take from the PBX”.")
	}
	return finding("extensions", nameExtensions, pbx.FindingOK, fmt.Sprintf("Все на месте: %d", len(owners)), fmt.Sprintf("All in place: %d", len(owners)))
}

func (p *Provider) checkLines(ctx context.Context) pbx.Finding {
	lines, err := p.Lines(ctx)
	if err != nil {
		return finding("lines", nameLines, pbx.FindingUnknown, "АТС не дала список линий", "The PBX gave no list of lines")
	}
	if len(lines) == 0 {
		return finding("lines", nameLines, pbx.FindingFailed,
			"Ни одной: клиентам некуда звонить. Подключите номер в кабинете.", "None: clients have nowhere to call. Connect a number in the cabinet.")
	}
	var names []string
	for _, l := range lines {
		number := l.Number
		if n, err := phone.Parse(number); err == nil {
			number = n.Pretty()
		}
		names = append(names, strings.TrimSpace(number+" "+l.Name))
	}
	list := strings.Join(names, "; ")
	return finding("lines", nameLines, pbx.FindingOK, list, list)
}

func checkRecordings(f pbx.CheckFacts) pbx.Finding {
	switch {
	case f.Answered == 0:
		return finding("recordings", nameRecordings, pbx.FindingUnknown, "За неделю не было разговоров, по которым видно", "No talks in the last week to tell by")
	case f.Recorded == 0:
		return finding("recordings", nameRecordings, pbx.FindingWarning,
			"За неделю ни одной: в кабинете «Инструменты → Запись разговоров» выберите «Записывать все звонки», а в «API коннектор» — «Разрешаю отправлять событие о готовности для скачивания файла записи разговора».",
			"None in the last week: in the cabinet choose «Записывать все звонки» in «Инструменты → Запись разговоров», and switch on «Разрешаю отправлять событие о готовности для скачивания файла записи разговора» in «API коннектор».")
	}
	ru := fmt.Sprintf("За неделю: %d из %d разговоров", f.Recorded, f.Answered)
	en := fmt.Sprintf("Last week: %d of %d talks", f.Recorded, f.Answered)
	if f.Recorded*2 < f.Answered { // the rules leave somebody out
		return finding("recordings", nameRecordings, pbx.FindingWarning,
			ru+". Если нужны все, выберите в кабинете «Инструменты → Запись разговоров» → «Записывать все звонки».",
			en+". To have all, choose «Инструменты → Запись разговоров» → «Записывать все звонки» in the cabinet.")
	}
	return finding("recordings", nameRecordings, pbx.FindingOK, ru, en)
}

func (p *Provider) checkRouting(f pbx.CheckFacts) pbx.Finding {
	h := p.Health()
	if h.State != pbx.Healthy {
		at := h.Until.Local().Format("15:04:05")
		return finding("routing", nameRouting, pbx.FindingFailed, "Не отправляется до "+at+": "+h.Words.RU, "Not sent until "+at+": "+h.Words.EN)
	}
	if f.Routed == nil {
		return finding("routing", nameRouting, pbx.FindingUnknown,
			"Ещё не пробовали: имя отправится при звонке известного клиента", "Not tried yet: the name is sent when a known client calls")
	}
	var refused *pbx.Refused
	if errors.As(f.Routed.Err, &refused) {
		w := refused.Sentence()
		return finding("routing", nameRouting, pbx.FindingWarning, w.RU, w.EN)
	}
	if f.Routed.Err != nil {
		return finding("routing", nameRouting, pbx.FindingWarning, "В последний раз АТС не ответила на команду", "The PBX did not answer the last command")
	}
	return finding("routing", nameRouting, pbx.FindingOK,
		fmt.Sprintf("Отправлено за неделю: %d, последнее «%s»", f.Routes, f.Routed.Shown), fmt.Sprintf("Sent in the last week: %d, the last “%s”", f.Routes, f.Routed.Shown))
}

func (p *Provider) checkBalance(ctx context.Context) pbx.Finding {
	var answer mango.BalanceAnswer
	err := p.do(ctx, request{path: mango.PathBalance, in: struct{}{}, out: &answer, needs: "balance", limit: p.limits.balance, harmless: true})
	if err != nil {
		return finding("balance", nameBalance, pbx.FindingUnknown, "АТС не назвала баланс", "The PBX did not tell the balance")
	}
	sum := answer.Balance.String() + " " + string(answer.Currency)
	n, err := answer.Balance.Float64()
	if err == nil && answer.Currency == "RUB" {
		sum = strings.Replace(fmt.Sprintf("%.2f ₽", n), ".", ",", 1)
	}
	if err == nil && n < lowBalance {
		return finding("balance", nameBalance, pbx.FindingWarning,
			"Осталось "+sum+": исходящие звонки могут прекратиться. Пополните счёт в кабинете.", sum+" left: outgoing calls may stop. Top it up in the cabinet.")
	}
	return finding("balance", nameBalance, pbx.FindingOK, sum, sum)
}

// Switch tells which switch in the cabinet is off when a hop of the bell test stayed grey.
func (p *Provider) Switch(hop string) pbx.Words {
	if hop == "command" {
		return pbx.Words{
			RU: "Команда не дошла. В кабинете: Интеграции → API коннектор → «Данные вашей АТС»: код, ключ и «Адрес API Виртуальной АТС».",
			EN: "The command did not arrive. In the cabinet: Интеграции → API коннектор → «Данные вашей АТС»: code, key and «Адрес API Виртуальной АТС».",
		}
	}
	if hop == "signature" {
		w := mango.Advise(mango.CodeBadSign)
		return pbx.Words{RU: "Событие пришло, но подписано другим ключом. " + w.RU, EN: "The event came, but signed with another key. " + w.EN}
	}
	return pbx.Words{
		RU: "Событие не пришло. В кабинете: Интеграции → API коннектор → «Внешние системы» → «Адрес внешней системы»; там же «Проверить подключение» и настройка SSL-сертификата.",
		EN: "No event came. In the cabinet: Интеграции → API коннектор → «Внешние системы» → «Адрес внешней системы», and there «Проверить подключение» and the SSL certificate.",
	}
}

func secondsRU(d time.Duration) string {
	return strings.Replace(fmt.Sprintf("%.1f с", d.Seconds()), ".", ",", 1)
}

func agoRU(d time.Duration) string {
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%d с назад", int(d.Seconds()))
	case d < time.Hour:
		return fmt.Sprintf("%d мин назад", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d ч назад", int(d.Hours()))
	}
	return fmt.Sprintf("%d дн назад", int(d.Hours()/24))
}

func agoEN(d time.Duration) string {
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%d s ago", int(d.Seconds()))
	case d < time.Hour:
		return fmt.Sprintf("%d min ago", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h ago", int(d.Hours()))
	}
	return fmt.Sprintf("%d days ago", int(d.Hours()/24))
}
