/**
 * What the page says of Google Calendar, English and Hebrew side by side.
 */
const english = {
  calendar: {
    title: 'Google Calendar',
    about:
      'Tasks with a date stand in a calendar “Taskwire” of your Google account. Drag one there, and it moves here.',
    connect: 'Connect Google Calendar',
    reconnect: 'Connect again',
    disconnect: 'Disconnect',
    leaving: {
      question: 'What becomes of the events in Google?',
      keep: 'Leave them there',
      remove: 'Remove them',
      stay: 'Stay connected',
    },
    syncNow: 'Sync now',
    withDays: 'Also tasks with a day and no time',
    takesEvents: 'Events that I add there become tasks',
    noAnswer: 'The server did not answer. Try again.',
    lastSync: 'Last sync: {{when}}',
    never: 'Not synced yet; it begins within moments.',
    did_one: '{{count, number}} task in the calendar',
    did_other: '{{count, number}} tasks in the calendar',
    history: 'What it changed',
    conflicts: 'Changed on both sides',
    news_one: 'Google Calendar: {{count, number}} thing to read',
    news_other: 'Google Calendar: {{count, number}} things to read',
    show: 'Show',
    attention: 'needs your attention',
    states: {
      active: 'Connected.',
      disconnected: 'Not connected.',
      needs_consent:
        'Google no longer accepts our access. Connect again; nothing is lost. If it ends every seven days, tell whoever runs this server: the project at Google is still in “Testing”.',
      missing:
        'The calendar was deleted at Google. Your tasks are untouched. Connect again for a new one.',
      read_only: 'Google does not let us write into the calendar. Connect again and allow it.',
      many_removed:
        'Many events disappeared from the calendar at once ({{count, number}}). Was that meant?',
    },
    troubles: {
      operator: 'Google refuses this server’s project. Whoever runs the server has to look at it.',
      throttled: 'Google asks us to be slower. It goes on by itself.',
      exhausted: 'A quota at Google is used up. It goes on by itself, later.',
      unknown: 'Google does not answer at the moment. It goes on by itself.',
    },
    removals: {
      keep: 'Yes: take the dates out of the calendar, keep the tasks',
      again: 'No: put the events back',
    },
    outcomes: {
      connected: 'Google Calendar is connected.',
      denied: 'You said no at Google, so nothing was connected.',
      box_not_ticked:
        'The box for the calendar was not ticked, so nothing was connected. Connect again and tick it.',
      no_refresh_token:
        'Google gave no lasting access. Remove Taskwire under “Third-party access” of your Google account, then connect again.',
      failed: 'Google did not complete the connection. Try again.',
    },
    fields: { title: 'title', notes: 'description', is_done: 'done', slot: 'time' },
    values: { true: 'done', false: 'not done' },
    notes: {
      pulled: '{{task}}: {{field}} changed in Google to “{{kept}}”',
      taken_over: '{{task}}: you added it in Google, and it is a task now.',
      conflict:
        '{{task}}: {{field}} was changed on both sides. “{{kept}}” was kept, “{{lost}}” was not.',
      removed_there: '{{task}}: its event was deleted in Google. The task stays.',
      restored_there: '{{task}}: its event was restored in Google.',
      made_again: '{{task}}: deleted in Google, changed here meanwhile; it has a new event.',
      repeats_there: '{{task}}: its event repeats in Google now, so it is no longer followed.',
      edit_overruled: '{{task}}: moved in Google to “{{lost}}” and taken out of the calendar here.',
      left_to_guests: '{{task}}: its event has guests, so it was left in Google.',
      refused: '{{task}}: Google does not accept it ({{kept}}).',
    },
    takeOther: 'Take “{{value}}”',
    keep: 'Keep “{{value}}”',
    keepThis: 'Keep it so',
    aTask: 'A task',
  },
};

const hebrew = {
  calendar: {
    title: 'יומן Google',
    about: 'משימות עם תאריך מופיעות ביומן ‏“Taskwire” בחשבון Google שלך. גררו אחת שם, והיא זזה כאן.',
    connect: 'חיבור ליומן Google',
    reconnect: 'חיבור מחדש',
    disconnect: 'ניתוק',
    leaving: {
      question: 'מה יהיה על האירועים ב־Google?',
      keep: 'להשאיר אותם שם',
      remove: 'להסיר אותם',
      stay: 'להישאר מחובר',
    },
    syncNow: 'סנכרון עכשיו',
    withDays: 'גם משימות עם יום וללא שעה',
    takesEvents: 'אירועים שאוסיף שם יהפכו למשימות',
    noAnswer: 'השרת לא ענה. נסו שוב.',
    lastSync: 'סנכרון אחרון: {{when}}',
    never: 'עדיין לא סונכרן; זה מתחיל בתוך רגעים.',
    did_one: 'משימה אחת ביומן',
    did_two: 'שתי משימות ביומן',
    did_other: '{{count, number}} משימות ביומן',
    history: 'מה השתנה',
    conflicts: 'השתנה בשני הצדדים',
    news_one: 'יומן Google: עדכון אחד לקריאה',
    news_two: 'יומן Google: שני עדכונים לקריאה',
    news_other: 'יומן Google: {{count, number}} עדכונים לקריאה',
    show: 'הצגה',
    attention: 'ממתין לך',
    states: {
      active: 'מחובר.',
      disconnected: 'לא מחובר.',
      needs_consent:
        'Google כבר לא מקבלת את הגישה שלנו. התחברו שוב; דבר לא אבד. אם זה קורה כל שבעה ימים, ספרו למי שמפעיל את השרת: הפרויקט ב־Google עדיין במצב “Testing”.',
      missing: 'היומן נמחק ב־Google. המשימות שלך לא נפגעו. התחברו שוב כדי לקבל יומן חדש.',
      read_only: 'Google לא מאפשרת לנו לכתוב ביומן. התחברו שוב ואשרו זאת.',
      many_removed: 'אירועים רבים נעלמו מהיומן בבת אחת ({{count, number}}). האם זו הייתה הכוונה?',
    },
    troubles: {
      operator: 'Google דוחה את הפרויקט של השרת הזה. מי שמפעיל את השרת צריך לבדוק.',
      throttled: 'Google מבקשת מאיתנו להאט. זה ממשיך מעצמו.',
      exhausted: 'מכסה ב־Google נוצלה. זה ימשיך מעצמו מאוחר יותר.',
      unknown: 'Google לא עונה כרגע. זה ממשיך מעצמו.',
    },
    removals: {
      keep: 'כן: להוציא את התאריכים מהיומן ולהשאיר את המשימות',
      again: 'לא: להחזיר את האירועים',
    },
    outcomes: {
      connected: 'יומן Google מחובר.',
      denied: 'סירבתם ב־Google, ולכן דבר לא חובר.',
      box_not_ticked: 'התיבה של היומן לא סומנה, ולכן דבר לא חובר. התחברו שוב וסמנו אותה.',
      no_refresh_token:
        'Google לא נתנה גישה מתמשכת. הסירו את Taskwire תחת “גישה של צד שלישי” בחשבון Google, והתחברו שוב.',
      failed: 'Google לא השלימה את החיבור. נסו שוב.',
    },
    fields: { title: 'הכותרת', notes: 'התיאור', is_done: 'הסימון', slot: 'המועד' },
    values: { true: 'בוצע', false: 'לא בוצע' },
    notes: {
      pulled: '{{task}}: {{field}} השתנה ב־Google ל“{{kept}}”',
      taken_over: '{{task}}: נוסף ב־Google, ועכשיו זו משימה.',
      conflict: '{{task}}: {{field}} השתנה בשני הצדדים. “{{kept}}” נשמר, “{{lost}}” לא.',
      removed_there: '{{task}}: האירוע נמחק ב־Google. המשימה נשארת.',
      restored_there: '{{task}}: האירוע שוחזר ב־Google.',
      made_again: '{{task}}: נמחק ב־Google ובינתיים השתנה כאן; יש אירוע חדש.',
      repeats_there: '{{task}}: האירוע חוזר כעת ב־Google, ולכן כבר לא עוקבים אחריו.',
      edit_overruled: '{{task}}: הוזז ב־Google אל “{{lost}}” והוצא כאן מהיומן.',
      left_to_guests: '{{task}}: לאירוע יש אורחים, ולכן הוא נשאר ב־Google.',
      refused: '{{task}}: Google לא מקבלת זאת ({{kept}}).',
    },
    takeOther: 'לקחת את “{{value}}”',
    keep: 'להשאיר את “{{value}}”',
    keepThis: 'להשאיר כך',
    aTask: 'משימה',
  },
};

export const calendarWords = { english, hebrew };
