import { useTranslation } from 'react-i18next'

import { Amount } from '../../web/Amount.tsx'
import { Icon } from '../shell/Icon.tsx'
import { type Channel, type ChannelHealth, MOST_P99_MS } from './model.ts'
import { percentText, shortPercentText } from './ratio.ts'

// The figures of one channel as the list and its own page show them.

/** Of all calls those that brought an answer, and beneath of the charges those that were taken on. */
export function SuccessRate({ health }: { health: ChannelHealth }) {
  const { t } = useTranslation()
  const { availabilityPpm, charges, chargesAnswered } = health
  if (availabilityPpm === null) return <Unknown text={t('channels.noCalls')} />
  return (
    <span className="two-lines is-end">
      {shortPercentText(availabilityPpm)}
      {charges > 0 && (
        <span className="fine">
          {t('channels.chargesTaken', { taken: chargesAnswered, count: charges })}
        </span>
      )}
    </span>
  )
}

export function ResponseTime({ p99Ms }: { p99Ms: number | null }) {
  const { t } = useTranslation()
  if (p99Ms === null) return <Unknown text={t('channels.noCalls')} />
  const isSlow = p99Ms > MOST_P99_MS
  return (
    <span className="two-lines is-end">
      <span className={isSlow ? 'tone-bad' : ''}>
        {isSlow && <Icon name="alert" />} {t('channels.ms', { ms: p99Ms.toLocaleString('en-US') })}
      </span>
      <span className="fine">
        {t(isSlow ? 'channels.slow' : 'channels.inTime', { most: MOST_P99_MS })}
      </span>
    </span>
  )
}

export function Today({ taken }: Pick<Channel, 'taken'>) {
  const { t } = useTranslation()
  return (
    <span className="two-lines is-end">
      <Amount fen={taken.todayFen} />
      <span className="fine">{t('count', { count: taken.todayCount })}</span>
    </span>
  )
}

export function Fee({ feePpm, feeFixedFen }: Pick<Channel, 'feePpm' | 'feeFixedFen'>) {
  const { t } = useTranslation()
  return (
    <span className="two-lines is-end">
      {percentText(feePpm)}
      {feeFixedFen > 0 && (
        <span className="fine">
          {t('channels.plusFixed')} <Amount fen={feeFixedFen} />
        </span>
      )}
    </span>
  )
}

/** What was promised by contract against what it took. */
export function Share({ sharePpm, taken }: Pick<Channel, 'sharePpm' | 'taken'>) {
  const { t } = useTranslation()
  const actual = taken.sharePpm === null ? '—' : shortPercentText(taken.sharePpm)
  return (
    <span className="two-lines is-end">
      {sharePpm === null ? t('channels.noShare') : percentText(sharePpm)}
      <span className="fine">{t('channels.actualShare', { actual })}</span>
    </span>
  )
}

function Unknown({ text }: { text: string }) {
  return (
    <span title={text}>
      —<span className="visually-hidden">{text}</span>
    </span>
  )
}
