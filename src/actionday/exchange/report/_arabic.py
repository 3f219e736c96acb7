"""The Arabic of what a report says, by its English; the terms are those of the pages."""

ARABIC = {
    "Intake report": "تقرير استلام الأدلة",
    "The case": "القضية",
    "Name": "الاسم",
    "Authority": "الجهة",
    "Country": "البلد",
    "Legal basis": "السند القانوني",
    "Purpose": "الغرض",
    "To be kept until": "تُحفظ حتى",
    "Folder": "المجلد",
    "State": "الحالة",
    "Report made": "وقت إعداد التقرير",
    "Made by": "أعدّه",
    "Software": "البرنامج",
    "nothing was taken in": "لم يُستلم شيء",
    "an ingest is running: the figures are those of its last checkpoint": "الإدخال جارٍ: هذه أرقام آخر نقطة حفظ",
    "taken in to its end": "أُدخلت إلى نهايتها",
    "paused: not taken in to its end": "موقوف مؤقتًا: لم تُدخل إلى نهايتها",
    "interrupted: not taken in to its end": "انقطع: لم تُدخل إلى نهايتها",
    "Not everything is taken in: more may be in the exhibits than is told here.": (
        "لم يُدخل كل شيء بعد: قد يكون في المضبوطات أكثر مما يُذكر هنا."
    ),
    "Not all that is stored is as it was recorded: the figures below are those that stand there now, and no finding.": (
        "ليس كل ما هو مخزَّن كما سُجّل: الأرقام أدناه هي الموجودة هناك الآن، وليست نتيجة."
    ),
    "Difference": "الاختلاف",
    "Exhibits that were not gone through to their end": "مضبوطات لم تُفحص إلى نهايتها",
    "And {n} more.": "و{n} غير ذلك.",
    "The last verification found that the case is not as it was recorded:": "وجد آخر تحقق أن القضية ليست كما سُجّلت:",
    "First difference": "أول اختلاف",
    "The ledger does not end as its signed head says:": "لا ينتهي السجل كما يقول رأسه الموقَّع:",
    "Ledger": "السجل",
    "The balance of the case": "ميزان القضية",
    "found = parsed + known good + skipped + failed": "الموجود = المقروء + المعروف السليم + المتجاوَز + المتعذّر",
    "Found": "الموجود",
    "Parsed": "المقروء",
    "Known good": "المعروف السليم",
    "Skipped": "المتجاوَز",
    "Failed": "المتعذّر",
    "Losses": "النواقص",
    "The balance DOES NOT ADD UP.": "الميزان لا يستقيم.",
    "Status": "الحالة",
    "Items": "العناصر",
    "Rows of items, folders and volumes too": "صفوف العناصر، ومنها المجلدات ووحدات التخزين",
    "Files that the exhibits consist of": "الملفات التي تتكوّن منها المضبوطات",
    "Of them counted as items": "منها ما يُعدّ من العناصر",
    "Bytes of content read, what was unpacked too": "بايتات المحتوى المقروء، ومنها ما فُكّ ضغطه",
    "The ledger as it stood when this report was written; that its writing began is in it.": (
        "السجل كما كان حين كُتب هذا التقرير، وفيه قيد ببدء كتابته."
    ),
    "The ledger as it stood when this report was written; the case is read-only, and nothing was recorded.": (
        "السجل كما كان حين كُتب هذا التقرير؛ القضية للقراءة فقط ولم يُسجَّل شيء."
    ),
    "Entries": "القيود",
    "Root hash of the head": "بصمة جذر الرأس",
    "Name of the ledger": "اسم السجل",
    "Keys": "المفاتيح",
    "The ledger cannot be read:": "تتعذّر قراءة السجل:",
    "No verification is on record.": "لم يُسجَّل أي تحقق.",
    "The ledger and the last verification": "السجل وآخر تحقق",
    "Everything that was checked held.": "كل ما فُحص مطابق.",
    "Something differed from what was recorded.": "اختلف شيء عمّا سُجّل.",
    "Nothing differed; not everything could be checked, for it was not found or could not be read.": (
        "لم يختلف شيء، ولم يمكن فحص كل شيء لأن بعضه لم يوجد أو تعذّرت قراءته."
    ),
    "Whole in itself; nobody vouched for the keys of the ledger.": "سليم في ذاته، ولم يشهد أحد لمفاتيح السجل.",
    "Entry of the ledger": "قيد السجل",
    "Verified at": "وقت التحقق",
    "Verified by": "تحقق منه",
    "Head that was verified": "الرأس الذي تُحقق منه",
    "Check": "الفحص",
    "Outcome": "النتيجة",
    "Things that held": "المطابق",
    "Differing": "المختلف",
    "Not found": "لم يوجد",
    "Could not be read": "تعذّرت قراءته",
    "Not proved": "لم يثبت",
    "Remarks": "ملاحظات",
    "The exhibits": "المضبوطات",
    "There is no exhibit.": "لا مضبوطات.",
    "Exhibit": "المضبوط",
    "NOT gone through to its end: the figures are those so far.": "لم يُفحص إلى نهايته: هذه الأرقام حتى الآن.",
    "Arrays read without a disk that is missing: {n}. What it held is read from the others.": (
        "مصفوفات قُرئت من دون قرص مفقود: {n}. ما كان عليه يُقرأ من الأقراص الأخرى."
    ),
    "File": "الملف",
    "Bytes": "البايتات",
    "Hashes": "البصمات",
    "Further files: {n}; `actionday show` of the exhibit names each.": (
        "و{n} من الملفات غير ذلك: الأمر actionday show للمضبوط يسمّي كلًّا منها."
    ),
    "A disk: its free space, what is left of the last block of files, and the tables of its file systems as bytes are "
    "not read unless items of their own say so.": (
        "قرص: المساحة الحرة وما يبقى من آخر كتلة في الملفات وجداول أنظمة الملفات بوصفها بايتات لا تُقرأ، "
        "إلا إذا ظهرت عناصر قائمة بذاتها."
    ),
    "Acquired at": "وقت الاستلام",
    "Acquired by": "استلمه",
    "Acquired with": "استُلم بواسطة",
    "Of its files counted as items": "من ملفاته ما يُعدّ من العناصر",
    "Said of it as a whole": "ما قيل عنه كلّه",
    "Of the disk cannot be had, and is not in the case": "من القرص لا يمكن الحصول عليه، وليس في القضية",
    "{n} of {of} B": "{n} من {of} بايت",
    "a folder: each file has its own hash": "مجلد: لكل ملف بصمته",
    "not hashed yet": "لم تُحسب بصمته بعد",
    "found beside, not named": "وُجد بجانبه ولم يُسمَّ",
    "Its imager noted no hash of the disk.": "لم تدوّن أداة التصوير بصمة للقرص.",
    "What hash its imager noted is not known.": "بصمة أداة التصوير غير معروفة.",
    "Noted by the imager": "ما دوّنته أداة التصوير",
    "In its words": "بكلماتها",
    "Disk": "القرص",
    "Hash that the imager noted, and ours of the same bytes": "بصمة أداة التصوير، وبصمتنا للبايتات نفسها",
    "the same": "مطابقة",
    "DIFFERS": "مختلفة",
    "not compared yet": "لم تُقارن بعد",
    "not to be compared": "لا يمكن مقارنتها",
    "Image": "صورة القرص",
    "Further images: {n}; with another hash than the imager noted: {bad}.": (
        "و{n} من صور الأقراص غير ذلك؛ البصمة مختلفة في {bad} منها."
    ),
    "Losses by code": "النواقص بحسب الرمز",
    "Remarks by code": "الملاحظات بحسب الرمز",
    "Lines": "الأسطر",
    "What was not examined, and why": "ما لم يُفحص، وسبب ذلك",
    "Every item that was found and not examined, by state and reason. Reasons stand as they were recorded; sizes are "
    "each item's own.": (
        "كل عنصر وُجد ولم يُفحص، بحسب الحالة والسبب. الأسباب كما سُجّلت بالإنجليزية؛ والحجم حجم العنصر نفسه."
    ),
    "Everything that was found was examined.": "كل ما وُجد فُحص.",
    "In brackets: folders, volumes and exhibits that were opened and could not be listed whole; no balance counts "
    "them, and what is in them nobody counted.": (
        "بين قوسين: مجلدات ووحدات تخزين ومضبوطات فُتحت وتعذّر سردها كاملة؛ لا تدخل في أي ميزان، وما فيها لم يعدّه أحد."
    ),
    "Disks of which a part cannot be had": "أقراص لا يمكن الحصول على جزء منها",
    "Further disks of which nobody can tell how much lacks": "أقراص أخرى لا يُعرف كم ينقص منها",
    "Reason": "السبب",
    "not known": "غير معروف",
    "of {n} not known": "حجم {n} منها غير معروف",
    "Further reasons: {n}; items: {items}; bytes: {bytes}. `actionday export CASE items` has each.": (
        "و{n} من الأسباب غير ذلك: عناصرها {items}، وبايتاتها {bytes}. الأمر actionday export CASE items يعطي كلًّا منها."
    ),
    "Annexe: the largest items that were not examined": "ملحق: أكبر العناصر التي لم تُفحص",
    "Path": "المسار",
    "the exhibit as a whole": "المضبوط كلّه",
    "Status and reason": "الحالة والسبب",
    "Named here: {n} of {total}, the largest first; left out: {left}. `actionday export CASE items` has every one.": (
        "المذكور هنا: {n} من {total}، الأكبر أولًا؛ غير المذكور: {left}. الأمر actionday export CASE items يعطيها كلها."
    ),
    "What is encrypted, and what opened it": "ما هو مشفّر، وما فتحه",
    "Items that stay encrypted": "عناصر بقيت مشفّرة",
    "Secrets given to the case": "الأسرار المُعطاة للقضية",
    "Encryption": "التشفير",
    "Number of the secret": "رقم السر",
    "Nothing was opened by a secret.": "لم يُفتح شيء بسر.",
    "Sets of known hashes": "مجموعات البصمات المعروفة",
    "No set of known hashes was imported.": "لم تُستورد مجموعة بصمات معروفة.",
    "Number": "الرقم",
    "Name and version": "الاسم والإصدار",
    "Kind": "النوع",
    "Rows": "الصفوف",
    "Imported at": "وقت الاستيراد",
    "SHA-256 of its file": "بصمة SHA-256 لملفها",
    "No item is known good.": "لا عنصر معروف بسلامته.",
    "Items that were read and whose hash is in a set": "عناصر قُرئت وبصمتها في إحدى المجموعات",
    "Custody: who did what, and when": "الحيازة: من فعل ماذا، ومتى",
    "The acts that changed the case, gave something out of it, or proved it, in their order; searches and views are "
    "counted below.": (
        "الأفعال التي غيّرت القضية أو أخرجت منها شيئًا أو تحققت منها، بترتيبها؛ وعمليات البحث والاطلاع معدودة أدناه."
    ),
    "Entry": "القيد",
    "Time (UTC)": "الوقت (UTC)",
    "Who": "من",
    "Act": "الفعل",
    "What": "على ماذا",
    "Of them not named above": "منها ما لم يُذكر أعلاه",
    "The runs and their settings": "التشغيلات وإعداداتها",
    "There was no run.": "لم يجرِ أي تشغيل.",
    "Run": "التشغيل",
    "Began and ended": "البدء والانتهاء",
    "Settings": "الإعدادات",
    "Limits of the case": "حدود القضية",
    "Software and libraries": "البرنامج والمكتبات",
    "Version": "الإصدار",
    "As installed where this report was made. Which version of Actionday made which run stands with the run.": (
        "كما هي مثبتة حيث أُعدّ هذا التقرير. إصدار Actionday الذي أجرى كل تشغيل مذكور معه."
    ),
    "Characters that no font of this PDF has stand as <U+…>; the report as HTML has them as they are.": (
        "الحروف التي لا توجد في خطوط هذا الملف مكتوبة هكذا <U+…>؛ وتقرير HTML يعرضها كما هي."
    ),
}
