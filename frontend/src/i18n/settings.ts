/** What the page says in its settings, English and Hebrew side by side. */
const english = {
  settings: {
    title: 'Settings',
    refused: 'The server did not accept this setting. It is as it was before.',
    time: {
      title: 'Time and language',
      zone: 'Time zone',
      zoneHint: 'Reminders on a day, quiet hours and the daily e-mail go by it.',
      here: 'This device is in {{zone}}.',
      useHere: 'Use that',
    },
    channels: {
      kind: 'Kind',
      page: 'Page',
      push: 'Push',
      email: 'E-mail',
      noEmail: 'This server sends no e-mail: whoever runs it has not set up a mail server.',
    },
    push: {
      title: 'Push to this browser',
      on: 'Reminders come also when no page is open.',
      off: 'Off. Reminders come while a page is open.',
      denied: 'This browser forbids it for this site. Its own settings can allow it again.',
      unsupported: 'This browser has no push, or the page does not come over https.',
      failed: 'The push service of this browser did not answer. Try again later.',
    },
    quiet: {
      title: 'Quiet hours',
      from: 'From',
      to: 'Until',
      hint: 'Push and e-mail wait until they are over. Security notices do not.',
    },
    digest: {
      title: 'Daily e-mail',
      at: 'At',
      hint: 'What is due today and what is late, once a day.',
    },
    export: {
      title: 'Export',
      hint: 'Everything, as one file. JSON can be imported again as it is.',
      json: 'JSON, complete',
      csv: 'CSV, for spreadsheets',
      ics: 'iCalendar',
      failed: 'The file could not be fetched. Nothing was changed; try again.',
    },
    feed: {
      title: 'Calendar address',
      hint: 'A secret address under which calendar programs can read your tasks.',
      make: 'Make an address',
      again: 'Make a new one',
      revoke: 'Revoke it',
      on: 'There is one, made on {{when}}. It is shown only when it is made.',
      address: 'Calendar address',
      once: 'Copy it now: it is not shown again. Whoever has it can read your tasks.',
      copy: 'Copy',
      copied: 'Copied',
      failed: 'The server did not do it. The address is as it was before.',
    },
  },
};

const hebrew = {
  settings: {
    title: 'הגדרות',
    refused: 'השרת לא קיבל את ההגדרה, והיא נשארה כפי שהייתה.',
    time: {
      title: 'שעה ושפה',
      zone: 'אזור זמן',
      zoneHint: 'לפיו נקבעות תזכורות של יום, שעות השקט והדוא״ל היומי.',
      here: 'המכשיר הזה נמצא ב־{{zone}}.',
      useHere: 'להשתמש בזה',
    },
    channels: {
      kind: 'סוג',
      page: 'בדף',
      push: 'בדחיפה',
      email: 'בדוא״ל',
      noEmail: 'השרת הזה לא שולח דוא״ל: מי שמפעיל אותו לא הגדיר שרת דואר.',
    },
    push: {
      title: 'התראות דחיפה לדפדפן הזה',
      on: 'תזכורות מגיעות גם כשאין דף פתוח.',
      off: 'כבוי. תזכורות מגיעות כל עוד יש דף פתוח.',
      denied: 'הדפדפן אוסר על כך באתר הזה. אפשר להתיר שוב בהגדרות שלו.',
      unsupported: 'בדפדפן הזה אין התראות דחיפה, או שהדף לא מגיע ב־https.',
      failed: 'שירות הדחיפה של הדפדפן לא ענה. אפשר לנסות שוב מאוחר יותר.',
    },
    quiet: {
      title: 'שעות שקט',
      from: 'משעה',
      to: 'עד שעה',
      hint: 'התראות דחיפה ודוא״ל ממתינים עד שהן נגמרות. הודעות אבטחה לא.',
    },
    digest: {
      title: 'דוא״ל יומי',
      at: 'בשעה',
      hint: 'מה מיועד להיום ומה באיחור, פעם ביום.',
    },
    export: {
      title: 'ייצוא',
      hint: 'הכול, בקובץ אחד. קובץ JSON אפשר לייבא בחזרה כמו שהוא.',
      json: 'JSON, מלא',
      csv: 'CSV, לגיליונות',
      ics: 'iCalendar',
      failed: 'הקובץ לא הגיע. שום דבר לא השתנה; אפשר לנסות שוב.',
    },
    feed: {
      title: 'כתובת ליומן',
      hint: 'כתובת סודית שבה תוכנות יומן יכולות לקרוא את המשימות שלך.',
      make: 'יצירת כתובת',
      again: 'כתובת חדשה',
      revoke: 'ביטול הכתובת',
      on: 'יש כתובת מ־{{when}}. היא מוצגת רק כשהיא נוצרת.',
      address: 'כתובת ליומן',
      once: 'כדאי להעתיק עכשיו: היא לא תוצג שוב. מי שיש לו אותה יכול לקרוא את המשימות שלך.',
      copy: 'העתקה',
      copied: 'הועתק',
      failed: 'השרת לא עשה זאת. הכתובת נשארה כפי שהייתה.',
    },
  },
};

export const settings = { english, hebrew };
