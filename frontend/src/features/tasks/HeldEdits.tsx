import { useTranslation } from 'react-i18next';
import { useLocale } from '@/i18n';
import { useTasks, useTasksView } from './context';
import { dayOf } from './due';
import type { Held } from './held';
import { theirsNow } from './held';
import { useFieldText } from './useFieldText';

/**
 * What needs the person's word: one field with two values, or a task that is gone with an edit in
 * the hand. Above the list, in every view, for as long as it takes.
 */
export function HeldEdits({ now }: { now: Date }) {
  const { t } = useTranslation();
  const held = useTasksView((view) => view.state.held);
  if (held.length === 0) return null;
  return (
    <section className="held-edits" aria-label={t('held.region')}>
      {held.map((one) =>
        one.kind === 'conflict' ? (
          <Conflict key={one.key} held={one} now={now} />
        ) : (
          <Gone key={one.key} held={one} />
        ),
      )}
    </section>
  );
}

type OfKind<Kind extends Held['kind']> = Extract<Held, { kind: Kind }>;

function Conflict({ held, now }: { held: OfKind<'conflict'>; now: Date }) {
  const { t } = useTranslation();
  const tasks = useTasks();
  const theirs = useTasksView((view) => theirsNow(view.state, held));
  const textOf = useFieldText(now);
  const when = useWhen(theirs.updated_at, now);
  const mine = { ...theirs, ...held.changes };
  return (
    <article className="held-edit" data-testid="conflict" data-task-id={held.id}>
      <p>
        <bdi className="held-title">{theirs.title}</bdi> · {t(`held.fields.${held.group}`)}
      </p>
      <p>{when === null ? t('held.changed') : t('held.changedAt', { when })}</p>
      <div className="held-choices">
        <button
          type="button"
          className="held-choice"
          data-testid="conflict-mine"
          onClick={() => tasks.choose(held.key, 'mine')}
        >
          <span className="field-name">{t('held.mine')}</span>
          <bdi className="held-value">{textOf(held.group, mine)}</bdi>
        </button>
        <button
          type="button"
          className="held-choice"
          data-testid="conflict-theirs"
          onClick={() => tasks.choose(held.key, 'theirs')}
        >
          <span className="field-name">{t('held.theirs')}</span>
          <bdi className="held-value">{textOf(held.group, theirs)}</bdi>
        </button>
      </div>
    </article>
  );
}

function Gone({ held }: { held: OfKind<'gone'> }) {
  const { t } = useTranslation();
  const tasks = useTasks();
  return (
    <article className="held-edit" data-testid="gone" data-task-id={held.id}>
      <p>
        <bdi className="held-title">{held.changes.title ?? held.seen.title}</bdi>
      </p>
      <p>{t('held.gone')}</p>
      <div className="held-choices">
        <button
          type="button"
          className="held-choice"
          data-testid="gone-restore"
          onClick={() => tasks.choose(held.key, 'mine')}
        >
          {t('held.restore')}
        </button>
        <button
          type="button"
          className="held-choice"
          data-testid="gone-let-go"
          onClick={() => tasks.choose(held.key, 'theirs')}
        >
          {t('held.letGo')}
        </button>
      </div>
    </article>
  );
}

/** *10:02* of today, else the day as well. null where nobody said when. */
function useWhen(instant: string, now: Date): string | null {
  const locale = useLocale();
  const moment = new Date(instant);
  if (Number.isNaN(moment.getTime())) return null;
  const isToday = dayOf(moment) === dayOf(now);
  const format = new Intl.DateTimeFormat(locale, {
    timeStyle: 'short',
    ...(isToday ? {} : { dateStyle: 'medium' }),
  });
  return format.format(moment);
}
