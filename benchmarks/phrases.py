"""Words the generator of mixed documents needs: what marks a line as a notice, and phrases that join real parts.

Only the benchmark knows these lists. They choose real lines whose label is beyond doubt; the package never sees them.
"""

import re
from typing import Final

_NOTICE_STEMS: Final = (
    # English, and what all of Europe borrowed from it
    r"cookie|newsletter|subscrib(?:e|ing)\b|subscriptions?\b|sign (?:in|up)\b|log ?in\b|your account|privacy|copyright",
    r"©|javascript|your inbox|to get updates|donat(?:e|ion)|patreon",
    r"follow (?:us|me) on|join (?:us|now|our)|support (?:us|our)\b",
    r"all rights reserved|terms (?:of|and) |ad.?block|password|app store|google play|push notification|unsubscribe",
    # German, Dutch, Scandinavian, Icelandic, Finnish
    r"abonn|einloggen|registrier|passwort|datenschutz|impressum|alle rechte|nutzungsbeding|werbeblocker|jetzt anmelden",
    r"aanmelden|inloggen|prenumer|innlogg|log ind|samtykke|personvern|áskrift|innskrá|vafrakök|tilaa|kirjaudu|eväste",
    # Romance
    r"suscr[ií]|reg[ií]strate|inici(?:ar?|e) sesión|contraseña|privacidad|derechos reservados|boletín|se connecter",
    r"mot de passe|confidentialité|tous droits|s.inscrire|réservée? (?:à|aux) |accedi|iscriviti|registrati|diritti",
    r"assin(?:e|ar|atura|ante)s? |direitos reservados|iniciar sessão|política de ",
    # Slavic, Baltic, Turkish, Vietnamese
    r"předplat|přihlás|soukromí|subskry|zaloguj|ciastecz|polityka prywat|prawa zastrz|slapuk|prisijung|teisės saug",
    r"подпи(?:ш|ск)|авториз|абоне|çerez|gizlilik|üye ol|giriş yap|hakkı saklı|đăng (?:ký|nhập)|bản quyền",
    # Arabic, Hindi, Chinese, Japanese, Korean
    r"اشترك|تسجيل الدخول|حقوق|ملفات تعريف|सब्सक्राइब|लॉगिन|डाउनलोड|版权|登录|注册|订阅|隐私|备案",
    r"ログイン|会員|無断転載|著作権|購読|クッキー|プライバシー|구독|로그인|무단|저작권|개인정보|회원가입",
)
NOTICE: Final = re.compile("|".join(_NOTICE_STEMS), re.IGNORECASE)
"""A line that asks the reader to subscribe, log in, agree to cookies, or names the rights holder."""

_CONTROL_STEMS: Final = (
    r"\b(?:share\b|print\b|e-?mail|comments?\b|advertis|skip to|back to top|read more|follow us|login)",
    r"^(?:menu$|search\b|download)",
    r"teilen|drucken|kommentare?\b|anzeige\b|werbung|suche\b|weiterlesen|merken|zur startseite|nach oben|folgen",
    r"partager|imprimer|commentaire|publicité|lire plus|rechercher|comparti[rd]|imprimir|comentarios?\b|publicidad",
    r"condividi|stampa\b|pubblicità|udostępnij|drukuj|reklam|annonse|dela\b|jaa\b|sdílet|paylaş|dalintis|chia sẻ",
    r"分享|打印|シェア|広告|印刷|공유|광고|인쇄|مشاركة|طباعة|إعلان|शेयर|विज्ञापन|facebook|twitter|whatsapp|instagram",
)
CONTROL: Final = re.compile("|".join(_CONTROL_STEMS), re.IGNORECASE)
"""A button's or an advertisement's label: share, print, advertisement."""

CREDIT: Final = re.compile(
    r"\b(?:fotos?|photos?|bild(?:er)?|image|imagen|video|vídeo|quelle|crédito?s?|credits?)\s*[:©/]"
    r"|[(/|]\s*(?:reuters|afp|efe|getty(?: images)?|ap|epa|dpa|imago|ansa|shutterstock|istock)\b[^.]{0,30}\)?\.?$"
    r"|©\s*\w+",
    re.IGNORECASE,
)
"""A photo credit, or a caption that ends in one."""

DATED: Final = re.compile(
    r"\b(?:published|updated|posted|revised|min(?:ute)?s? read|veröffentlicht|aktualisiert|publié|actualizado)\b",
    re.IGNORECASE,
)
"""A line that says when the page was published."""

READ_ALSO: Final = {
    "en": ("Read also: ", "Read more: ", "Related: ", "More on this topic: "),
    "de": ("Lesen Sie auch: ", "Mehr zum Thema: ", "Lesen Sie dazu: "),
    "fr": ("Lire aussi : ", "À lire aussi : ", "Lire aussi Article réservé à nos abonnés "),
    "es": ("Lea también: ", "Más información: ", "Te puede interesar: "),
    "it": ("Leggi anche: ", "Per approfondire: "),
    "pt": ("Leia também: ", "Leia mais: "),
    "nl": ("Lees ook: ",),
    "pl": ("Czytaj także: ", "Zobacz również: "),
    "da": ("Læs også: ",),
    "no": ("Les også: ",),
    "sv": ("Läs också: ",),
    "is": ("Lesa meira: ",),
    "fi": ("Lue myös: ",),
    "cs": ("Čtěte také: ",),
    "lt": ("Taip pat skaitykite: ",),
    "tr": ("İlgili haber: ", "Ayrıca okuyun: "),
    "vi": ("Xem thêm: ", "Đọc thêm: "),
    "ar": ("اقرأ أيضا: ",),
    "hi": ("यह भी पढ़ें: ",),
    "ja": ("【関連記事】", "あわせて読みたい："),
    "ko": ("[관련기사] ", "▶ 관련기사: "),
    "zh": ("相关阅读：", "延伸阅读："),
}
"""How a related-story line inside a story begins."""

QUOTATION_INTRODUCTIONS: Final = {
    "en": ("In the original, the statement reads:", "The text says, word for word:", "She wrote in her own language:"),
    "de": ("Im Original lautet die Erklärung:", "Wörtlich heißt es dort:", "In der Originalsprache steht:"),
    "fr": ("Dans la version originale, on peut lire :", "Le texte dit, mot pour mot :"),
    "es": ("En el original, el comunicado dice:", "El texto dice, palabra por palabra:"),
    "it": ("Nell'originale la dichiarazione recita:", "Il testo dice, parola per parola:"),
    "pt": ("No original, a declaração diz:", "O texto diz, palavra por palavra:"),
    "pl": ("W oryginale oświadczenie brzmi:",),
    "da": ("På originalsproget lyder erklæringen:",),
    "no": ("På originalspråket lyder erklæringen:",),
    "is": ("Á frummálinu hljóðar yfirlýsingin svo:",),
    "cs": ("V originále prohlášení zní:", "Doslova se v něm píše:"),
    "lt": ("Originalo kalba pareiškime rašoma:",),
    "tr": ("Açıklamanın aslı şöyle:",),
    "vi": ("Nguyên văn tuyên bố viết:",),
    "ar": ("وجاء في النص الأصلي:",),
    "hi": ("मूल भाषा में बयान इस प्रकार है:",),
    "ja": ("声明の原文は次のとおりだ。", "原文にはこう書かれている。"),
    "ko": ("성명 원문은 다음과 같다.",),
    "zh": ("声明原文如下：", "原文写道："),
}
"""How a story introduces a quotation in its original language."""

QUOTATION_MARKS: Final = {
    "de": ("„", "“"), "fr": ("« ", " »"), "es": ("«", "»"), "it": ("«", "»"), "no": ("«", "»"), "cs": ("„", "“"),
    "lt": ("„", "“"), "is": ("„", "“"), "da": ("»", "«"), "pl": ("„", "”"), "ja": ("「", "」"), "zh": ("“", "”"),
}  # fmt: skip
"""Quotation marks by the language of the story; others use curly English ones."""

SEPARATORS: Final = (
    "_", "__", "_______________", "---", "----------", "* * *", "***", "=====", "•", "• • •", "———", "~~~~", "#", "|",
)  # fmt: skip
"""Lines that hold no word."""

ADVERTISEMENTS: Final = {
    "en": (
        "Advertisement", "ADVERTISEMENT", "Sponsored", "Story continues below advertisement",
        "Article continues after this ad",
    ),
    "de": ("Anzeige", "ANZEIGE", "Werbung", "Artikel wird nach der Anzeige fortgesetzt"),
    "fr": ("Publicité", "PUBLICITÉ", "La suite après cette publicité"),
    "es": ("Publicidad", "PUBLICIDAD", "Continúa después de la publicidad"),
    "it": ("Pubblicità", "Continua a leggere dopo la pubblicità"),
    "pt": ("Publicidade", "PUBLICIDADE", "Continua após a publicidade"),
    "nl": ("Advertentie", "Tekst loopt door onder de advertentie"),
    "pl": ("Reklama", "Dalsza część tekstu pod reklamą"),
    "sv": ("Annons", "Artikeln fortsätter under annonsen"),
    "da": ("Annonce", "Artiklen fortsætter efter annoncen"),
    "no": ("Annonse", "Artikkelen fortsetter under annonsen"),
    "tr": ("Reklam",), "ar": ("إعلان",), "ja": ("広告",), "zh": ("广告",), "ko": ("광고",), "cs": ("Reklama",),
    "vi": ("Quảng cáo",), "fi": ("Mainos",), "lt": ("Reklama",), "hi": ("विज्ञापन",), "is": ("Auglýsing",),
}  # fmt: skip
"""What stands above an advertisement between two paragraphs."""

PLEAS: Final = {
    "en": (
        "We have a small favour to ask. Our work is paid for by people like you, and every gift, however small, helps.",
        "Did you like what you just read? Tell a friend about it.",
        "You have two free articles left this month.",
        "This post may contain affiliate links; we may earn a commission when you buy through them, at no cost to you.",
        "As an affiliate we earn from qualifying purchases.",
        "Prices and availability were correct at the time of writing.",
        "You are getting this e-mail because you signed up on our site. Unsubscribe at any time.",
        "No longer want these mails? Manage your preferences or unsubscribe here.",
        "View this e-mail in your browser",
        "Was this page helpful?",
        "Enter your e-mail address and we will send you our best stories once a week.",
        "Thank you for signing up! Please check your inbox.",
        "Comments are closed.",
        "Your e-mail address will not be published. Required fields are marked *",
        "Share this with your friends",
        "Follow us for more stories like this one.",
        "Get the app for a better reading experience.",
        "This article was first published in our weekly edition.",
        "Last edited on 3 March 2025, at 11:04.",
        "From our partner",
        "Copy link",
        "Save for later",
        "5 min read",
        "Listen to this article",
        "Print this page",
    ),
    "de": (
        "Hat Ihnen dieser Text gefallen? Dann unterstützen Sie unsere Arbeit mit einer kleinen Spende.",
        "Sie haben in diesem Monat noch zwei freie Artikel.",
        "Mit einem Stern markierte Links sind Affiliate-Links; bei einem Kauf erhalten wir eine Provision.",
        "Sie erhalten diese E-Mail, weil Sie sich auf unserer Seite angemeldet haben. Hier können Sie sich abmelden.",
        "Ihre E-Mail-Adresse wird nicht veröffentlicht. Erforderliche Felder sind markiert.",
        "Lesezeit: 4 Minuten",
        "Artikel anhören",
        "Folgen Sie uns für mehr Geschichten wie diese.",
    ),
    "fr": (
        "Cet article vous a plu ? Soutenez notre travail par un don, même modeste.",
        "Il vous reste deux articles gratuits ce mois-ci.",
        "Cet article contient des liens affiliés ; nous pouvons percevoir une commission sur vos achats.",
        "Vous recevez ce message parce que vous êtes inscrit à notre lettre. Se désinscrire",
        "Votre adresse e-mail ne sera pas publiée. Les champs obligatoires sont indiqués.",
        "Temps de lecture : 4 min",
        "Écouter l'article",
    ),
    "es": (
        "¿Te ha gustado este artículo? Apoya nuestro trabajo con una pequeña donación.",
        "Te quedan dos artículos gratis este mes.",
        "Este artículo contiene enlaces de afiliados; podemos recibir una comisión por tus compras.",
        "Recibes este correo porque te apuntaste en nuestra web. Darse de baja",
        "Tu dirección de correo no será publicada. Los campos obligatorios están marcados.",
        "4 minutos de lectura",
        "Escuchar el artículo",
    ),
    "it": (
        "Ti è piaciuto questo articolo? Sostieni il nostro lavoro con una piccola donazione.",
        "Ricevi questa mail perché ti sei iscritto alla nostra lista. Annulla l'iscrizione",
        "Tempo di lettura: 4 minuti",
    ),
    "pt": (
        "Gostou deste texto? Apoie o nosso trabalho com uma pequena doação.",
        "Você recebe este e-mail porque se cadastrou em nosso site. Cancelar inscrição",
        "Tempo de leitura: 4 minutos",
    ),
    "nl": (
        "Vond je dit een goed verhaal? Steun ons werk met een kleine gift.",
        "Je ontvangt deze mail omdat je je op onze site hebt aangemeld. Afmelden",
        "Leestijd: 4 minuten",
    ),
}
"""Pleas, mail footers, affiliate notes and tools of sites, written for this benchmark."""

GREETINGS: Final = {
    "en": (
        "Good morning,", "Good evening,", "Hello,", "Hi all,", "Hello everyone,", "Dear {0},", "Hi {0},",
        "Dear readers,", "Dear friends,", "Happy Friday!", "Welcome back!", "Hey {0}!", "Good afternoon,",
    ),
    "de": (
        "Guten Morgen,", "Guten Abend,", "Hallo,", "Hallo zusammen,", "Liebe {0},", "Lieber {0},", "Liebe Leser,",
        "Liebe Freunde,", "Sehr geehrte Damen und Herren,", "Guten Tag,", "Moin,", "Liebe Gemeinde,",
    ),
    "es": (
        "Buenos días:", "Buenas tardes,", "Hola,", "Hola a todos,", "Querida {0}:", "Querido {0}:",
        "Estimados lectores:", "Queridos amigos,", "¡Hola, {0}!", "Estimado {0}:",
    ),
    "it": ("Buongiorno,", "Buonasera,", "Ciao,", "Ciao a tutti,", "Cara {0},", "Caro {0},", "Cari lettori,"),
    "pt": ("Bom dia,", "Boa tarde,", "Olá,", "Olá a todos,", "Cara {0},", "Caro {0},", "Caros leitores,"),
    "nl": ("Goedemorgen,", "Goedenavond,", "Hallo,", "Hallo allemaal,", "Beste {0},", "Beste lezers,", "Lieve {0},"),
}  # fmt: skip
"""How a letter begins, by its language; ``{0}`` is a name."""

CLOSINGS: Final = {
    "en": (
        "Until next week,", "See you soon,", "Best wishes,", "Best,", "Yours,", "Yours sincerely,", "Take care,",
        "Cheers,", "Kind regards,", "All the best,", "Warmly,", "Thanks for reading,", "Until tomorrow,", "With love,",
        "Talk soon,",
    ),
    "de": (
        "Bis nächste Woche,", "Bis bald,", "Viele Grüße", "Herzliche Grüße", "Mit freundlichen Grüßen", "Alles Gute,",
        "Beste Grüße,", "Euer", "Ihre", "Bis morgen,", "Liebe Grüße",
    ),
    "es": (
        "Hasta la semana que viene,", "Hasta pronto,", "Un abrazo,", "Un saludo,", "Saludos,", "Atentamente,",
        "Con cariño,", "Hasta mañana,", "Cuídense,",
    ),
    "it": ("A presto,", "Un abbraccio,", "Cordiali saluti", "Alla prossima settimana,", "Con affetto,", "A domani,"),
    "pt": ("Até breve,", "Um abraço,", "Com os melhores cumprimentos,", "Até para a semana,", "Até amanhã,"),
    "nl": ("Tot volgende week,", "Tot gauw,", "Groeten,", "Met vriendelijke groet,", "Liefs,", "Tot morgen,"),
}  # fmt: skip
"""How a letter ends, before the name."""

FIRST_NAMES: Final = (
    "Anna", "Ben", "Carla", "David", "Elena", "Frank", "Greta", "Hugo", "Ines", "Jan", "Katrin", "Luca", "Marta",
    "Noah", "Olga", "Pavel", "Rosa", "Sam", "Teresa", "Uwe", "Vera", "Will", "Yara", "Zoe", "Ida", "Tom", "Nina",
    "Erik", "Lucy", "Omar",
)  # fmt: skip
