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
