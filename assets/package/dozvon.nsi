; The setup of the app for Windows, for one person: no administrator is needed.
;   Dozvon-VERSION-setup.exe [/S] [/SERVER=ADDRESS] [/AUTOSTART=0|1] [/LINKS=0|1] [/D=FOLDER]
; /SERVER is the address of the school's server, which the first sign-in then has filled in.
; /S asks nothing. Over an older version it keeps what was chosen there, ends a Dozvon that runs and starts
; it again. .ci/package gives VERSION, FILES (the folder of the built program) and OUT.
Target amd64-unicode
Unicode true
SetCompressor /SOLID lzma
!include MUI2.nsh
!include LogicLib.nsh
!include FileFunc.nsh
!include Sections.nsh

!define APP "Dozvon"
!define CLASS "Software\Classes\Dozvon.tel"
!define RUN "Software\Microsoft\Windows\CurrentVersion\Run"
!define APPROVED "Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run"
!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\Dozvon"
!define APPID "Software\Classes\AppUserModelId\ru.dozvon.app"

Name "${APP}"
OutFile "${OUT}"
RequestExecutionLevel user
InstallDir "$LOCALAPPDATA\Programs\Dozvon"
InstallDirRegKey HKCU "${UNINSTALL}" InstallLocation
ManifestDPIAware true
ShowInstDetails nevershow
ShowUninstDetails nevershow
VIProductVersion "${VERSION}.0"
VIAddVersionKey ProductName "${APP}"
VIAddVersionKey ProductVersion "${VERSION}"
VIAddVersionKey FileVersion "${VERSION}"
VIAddVersionKey FileDescription "Setup of Dozvon, the call companion"
VIAddVersionKey LegalCopyright ""

!define MUI_ICON "${FILES}\icons\dozvon.ico"
!define MUI_UNICON "${FILES}\icons\dozvon.ico"
!define MUI_FINISHPAGE_RUN "$INSTDIR\dozvon.exe"
!insertmacro MUI_PAGE_COMPONENTS
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "Russian"
!insertmacro MUI_LANGUAGE "English"

LangString AUTOSTART ${LANG_RUSSIAN} "Запускать вместе с Windows"
LangString AUTOSTART ${LANG_ENGLISH} "Start with Windows"
LangString LINKS ${LANG_RUSSIAN} "Предлагать для ссылок с номерами"
LangString LINKS ${LANG_ENGLISH} "Offer for links with numbers"
LangString WHAT_PROGRAM ${LANG_RUSSIAN} "Сама программа и ярлык в меню «Пуск»."
LangString WHAT_PROGRAM ${LANG_ENGLISH} "The program itself, and its entry in the Start menu."
LangString WHAT_AUTOSTART ${LANG_RUSSIAN} "Dozvon запускается, когда вы входите в Windows. Это можно изменить и позже."
LangString WHAT_AUTOSTART ${LANG_ENGLISH} "Dozvon starts when you sign in to Windows. You can change that later."
LangString WHAT_LINKS ${LANG_RUSSIAN} "Ссылки tel:, callto: и sip: можно будет открывать в Dozvon. Чем их открывать, вы выбираете в параметрах Windows."
LangString WHAT_LINKS ${LANG_ENGLISH} "Links that begin with tel:, callto: or sip: can be opened in Dozvon. You choose what opens them in the settings of Windows."
LangString RUNNING ${LANG_RUSSIAN} "Dozvon не завершается. Выйдите из программы и повторите."
LangString RUNNING ${LANG_ENGLISH} "Dozvon does not end. Quit the program and try again."

Var WasRunning
Var Server

; EndRunning ends a Dozvon that runs, whose file Windows holds. $WasRunning is 1 if there was one.
!macro EndRunning UN
Function ${UN}EndRunning
	StrCpy $WasRunning 0
	${IfNot} ${FileExists} "$INSTDIR\dozvon.exe"
		Return
	${EndIf}
	ClearErrors
	ExecWait '"$INSTDIR\dozvon.exe" quit' $0
	${IfNot} ${Errors}
	${AndIf} $0 == 0
		StrCpy $WasRunning 1
	${EndIf}
again:
	StrCpy $1 0
	${Do}
		ClearErrors
		FileOpen $2 "$INSTDIR\dozvon.exe" a
		${IfNot} ${Errors}
			FileClose $2
			Return
		${EndIf}
		Sleep 250
		IntOp $1 $1 + 1
	${LoopUntil} $1 >= 60
	MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "$(RUNNING)" /SD IDCANCEL IDRETRY again
	SetErrorLevel 3
	Abort
FunctionEnd
!macroend
!insertmacro EndRunning ""
!insertmacro EndRunning "un."

; Windows reads anew who opens links.
!macro Changed
	System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'
!macroend

Section "${APP}" Program
	SectionIn RO
	Call EndRunning
	SetOutPath "$INSTDIR"
	File "${FILES}\dozvon.exe"
	File "${FILES}\licences.txt"
	File "/oname=sbom.cdx.json" "${FILES}\dozvon.cdx.json"
	${If} $Server != ""
		CreateDirectory "$APPDATA\dozvon"
		FileOpen $0 "$APPDATA\dozvon\server.txt" w
		FileWriteUTF16LE /BOM $0 "$Server$\r$\n"
		FileClose $0
	${EndIf}
	CreateShortcut "$SMPROGRAMS\Dozvon.lnk" "$INSTDIR\dozvon.exe"
	WriteUninstaller "$INSTDIR\uninstall.exe"
	WriteRegStr HKCU "${UNINSTALL}" DisplayName "${APP}"
	WriteRegStr HKCU "${UNINSTALL}" DisplayVersion "${VERSION}"
	WriteRegStr HKCU "${UNINSTALL}" DisplayIcon "$INSTDIR\dozvon.exe,0"
	WriteRegStr HKCU "${UNINSTALL}" Publisher "${APP}"
	WriteRegStr HKCU "${UNINSTALL}" InstallLocation "$INSTDIR"
	WriteRegStr HKCU "${UNINSTALL}" UninstallString '"$INSTDIR\uninstall.exe"'
	WriteRegStr HKCU "${UNINSTALL}" QuietUninstallString '"$INSTDIR\uninstall.exe" /S'
	WriteRegDWORD HKCU "${UNINSTALL}" NoModify 1
	WriteRegDWORD HKCU "${UNINSTALL}" NoRepair 1
	${GetSize} "$INSTDIR" "/S=0K" $0 $1 $2
	WriteRegDWORD HKCU "${UNINSTALL}" EstimatedSize $0
SectionEnd

Section "$(AUTOSTART)" Autostart
	; What the person switched off in the Task Manager stays off over an older version, unless it is asked for.
	ReadRegStr $1 HKCU "${RUN}" Dozvon
	${If} $1 == ""
	${OrIf} $7 == 1
		DeleteRegValue HKCU "${APPROVED}" Dozvon
	${EndIf}
	WriteRegStr HKCU "${RUN}" Dozvon '"$INSTDIR\dozvon.exe" --background'
SectionEnd

Section "$(LINKS)" Links
	WriteRegStr HKCU "${CLASS}" "" "URL:Dozvon"
	WriteRegStr HKCU "${CLASS}" "URL Protocol" ""
	WriteRegStr HKCU "${CLASS}\DefaultIcon" "" "$INSTDIR\dozvon.exe,0"
	WriteRegStr HKCU "${CLASS}\shell\open\command" "" '"$INSTDIR\dozvon.exe" "%1"'
	WriteRegStr HKCU "Software\Dozvon\Capabilities" ApplicationName "${APP}"
	WriteRegStr HKCU "Software\Dozvon\Capabilities" ApplicationDescription "Calls by a click"
	WriteRegStr HKCU "Software\Dozvon\Capabilities\URLAssociations" tel "Dozvon.tel"
	WriteRegStr HKCU "Software\Dozvon\Capabilities\URLAssociations" callto "Dozvon.tel"
	WriteRegStr HKCU "Software\Dozvon\Capabilities\URLAssociations" sip "Dozvon.tel"
	WriteRegStr HKCU "Software\RegisteredApplications" Dozvon "Software\Dozvon\Capabilities"
	!insertmacro Changed
SectionEnd

; What was not chosen is taken away: an older version may have set it.
Section "-Rest"
	${IfNot} ${SectionIsSelected} ${Autostart}
		DeleteRegValue HKCU "${RUN}" Dozvon
	${EndIf}
	${IfNot} ${SectionIsSelected} ${Links}
		DeleteRegValue HKCU "Software\RegisteredApplications" Dozvon
		DeleteRegKey HKCU "Software\Dozvon\Capabilities"
		DeleteRegKey HKCU "${CLASS}"
		!insertmacro Changed
	${EndIf}
	${If} ${Silent}
	${AndIf} $WasRunning == 1
		Exec '"$INSTDIR\dozvon.exe" --background'
	${EndIf}
SectionEnd

!insertmacro MUI_FUNCTION_DESCRIPTION_BEGIN
	!insertmacro MUI_DESCRIPTION_TEXT ${Program} $(WHAT_PROGRAM)
	!insertmacro MUI_DESCRIPTION_TEXT ${Autostart} $(WHAT_AUTOSTART)
	!insertmacro MUI_DESCRIPTION_TEXT ${Links} $(WHAT_LINKS)
!insertmacro MUI_FUNCTION_DESCRIPTION_END

; Choice takes a section's choice from the command line, else from the version that is installed.
!macro Choice SECTION OPTION KEY VALUE
	${If} $9 != ""
		ReadRegStr $1 HKCU "${KEY}" "${VALUE}"
		${If} $1 == ""
			!insertmacro UnselectSection ${SECTION}
		${EndIf}
	${EndIf}
	ClearErrors
	${GetOptions} $8 "/${OPTION}=" $1
	${IfNot} ${Errors}
		${If} $1 == 0
			!insertmacro UnselectSection ${SECTION}
		${Else}
			!insertmacro SelectSection ${SECTION}
		${EndIf}
	${EndIf}
!macroend

Function .onInit
	${GetParameters} $8
	ReadRegStr $9 HKCU "${UNINSTALL}" DisplayVersion
	${GetOptions} $8 "/AUTOSTART=" $7
	!insertmacro Choice ${Autostart} AUTOSTART "${RUN}" Dozvon
	!insertmacro Choice ${Links} LINKS "Software\RegisteredApplications" Dozvon
	; The first character parts the options: an address has slashes of its own, and no blanks.
	${GetOptions} " $8" " /SERVER=" $Server
FunctionEnd

; The person's settings and sign-in stay: they are not the program's.
Section Uninstall
	Call un.EndRunning
	Delete "$INSTDIR\dozvon.exe"
	Delete "$INSTDIR\licences.txt"
	Delete "$INSTDIR\sbom.cdx.json"
	Delete "$INSTDIR\uninstall.exe"
	RMDir "$INSTDIR"
	Delete "$SMPROGRAMS\Dozvon.lnk"
	RMDir /r "$LOCALAPPDATA\dozvon\logs"
	RMDir /r "$LOCALAPPDATA\dozvon\run"
	Delete "$APPDATA\dozvon\notification.png"
	Delete "$APPDATA\dozvon\server.txt"
	; The toolkit's own, which holds nothing of the person's.
	RMDir /r "$APPDATA\fyne\ru.dozvon.app"
	RMDir "$APPDATA\fyne"
	RMDir "$APPDATA\dozvon"
	RMDir "$LOCALAPPDATA\dozvon"
	DeleteRegValue HKCU "${RUN}" Dozvon
	DeleteRegValue HKCU "${APPROVED}" Dozvon
	DeleteRegValue HKCU "Software\RegisteredApplications" Dozvon
	DeleteRegKey HKCU "Software\Dozvon\Capabilities"
	DeleteRegKey /ifempty HKCU "Software\Dozvon"
	DeleteRegKey HKCU "${CLASS}"
	DeleteRegKey HKCU "${APPID}"
	DeleteRegKey HKCU "${UNINSTALL}"
	!insertmacro Changed
SectionEnd
