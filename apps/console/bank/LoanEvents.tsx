import { Moment } from '../../web/Moment.tsx'
import { Empty } from '../list/Empty.tsx'
import { Icon, type IconName } from '../shell/Icon.tsx'
import type { LoanRecord } from './model.ts'
import { useBankWords } from './words.ts'

type LoanEvent = LoanRecord['events'][number]

/** What happened to the loan besides money, the newest first. */
export function LoanEvents({ events }: Pick<LoanRecord, 'events'>) {
  const { t } = useBankWords()
  const eventText = useEventText()
  return (
    <section className="card" aria-labelledby="events-title">
      <h2 id="events-title">{t('loans.events')}</h2>
      {events.length === 0 && <Empty text={t('loans.noEvents')} />}
      <ol className="timeline">
        {events.map((event) => (
          <li key={`${event.date} ${event.kind}`} className="step">
            <span className="step-icon">
              <Icon name={iconOf(event.kind)} />
            </span>
            <div className="step-body">
              <p className="step-head">{eventText(event)}</p>
            </div>
            <div className="step-time">
              <span>{event.date}</span>
              <Moment at={event.at} form="time" />
            </div>
          </li>
        ))}
      </ol>
    </section>
  )
}

function iconOf(kind: string): IconName {
  if (kind === 'stage') return 'alert'
  if (kind.startsWith('reminder')) return 'bell'
  if (kind.startsWith('repayment')) return 'payments'
  return kind === 'written_off' ? 'missing' : 'refresh'
}

function useEventText(): (event: LoanEvent) => string {
  const { t } = useBankWords()
  const stage = (name: string | null) =>
    name === null ? '—' : t(`stages.${name}`, { defaultValue: name })
  return ({ kind, from, to }) => {
    const [first = '', second = '', third = ''] = kind.split(':')
    switch (first) {
      case 'stage':
        return t('loans.eventKinds.stage', { from: stage(from), to: stage(to) })
      case 'reminder':
        return reminderText(t, Number(second))
      case 'repayment': {
        const outcome = second === 'done' ? 'repaymentDone' : 'repaymentRefused'
        return t(`loans.eventKinds.${outcome}`, { source: t(`loans.sources.${third}`) })
      }
      default:
        return t([`loans.eventKinds.${first}`, 'loans.eventKinds.other'])
    }
  }
}

function reminderText(t: ReturnType<typeof useBankWords>['t'], days: number): string {
  if (days === 0) return t('loans.eventKinds.reminderDay')
  return days < 0
    ? t('loans.eventKinds.reminderBefore', { count: 0 - days })
    : t('loans.eventKinds.reminderAfter', { count: days })
}
