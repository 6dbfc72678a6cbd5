import { StatusChip } from '../list/StatusChip.tsx'
import { type Tried, useOnboardingWords } from './words.ts'

const LOOKS = {
  ok: { tone: 'good', icon: 'check' },
  refused: { tone: 'bad', icon: 'cross' },
  unknown: { tone: 'bad', icon: 'alert' },
  not_offered: { tone: 'plain', icon: 'missing' },
} as const

/** Each operation that was asked, with its outcome; where it is wanted, what went over the wire beside what it means. */
export function TriedTable({
  tried,
  label,
  isWithWire,
}: {
  tried: readonly Tried[]
  label: string
  isWithWire: boolean
}) {
  const { t } = useOnboardingWords()
  return (
    <ul className="mini-list" aria-label={label}>
      {tried.map((one) => (
        <li key={one.operation} className="tried">
          <strong>{one.operation}</strong>
          <StatusChip {...LOOKS[one.outcome]} text={t(`outcomes.${one.outcome}`)} />
          <span className="fine">{t('milliseconds', { ms: one.durationMs })}</span>
          {one.fault !== null && <span className="tone-bad">{t(`faults.${one.fault}`)}</span>}
          {one.outcome !== 'not_offered' && one.reason !== '' && (
            <span className="fine">{one.reason}</span>
          )}
          {isWithWire && <Wire tried={one} />}
        </li>
      ))}
    </ul>
  )
}

function Wire({ tried: { wire, canonical } }: { tried: Tried }) {
  const { t } = useOnboardingWords()
  return (
    <details>
      <summary>{t('wire.open')}</summary>
      <div className="wire">
        <section aria-label={t('wire.raw')}>
          <h3>{t('wire.raw')}</h3>
          {wire.map(({ sent, came }, i) => (
            <div key={`${i} ${sent}`}>
              <pre tabIndex={0}>{sent}</pre>
              <pre tabIndex={0}>{came}</pre>
            </div>
          ))}
        </section>
        <section aria-label={t('wire.canonical')}>
          <h3>{t('wire.canonical')}</h3>
          <pre tabIndex={0}>{canonical}</pre>
        </section>
      </div>
    </details>
  )
}
