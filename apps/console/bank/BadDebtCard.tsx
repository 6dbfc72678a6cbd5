import { Skeleton } from 'antd'

import { Amount } from '../../web/Amount.tsx'
import { percentText } from '../channels/ratio.ts'
import { StatusChip } from '../list/StatusChip.tsx'
import { BAD_BUCKETS, BAD_DEBT_THRESHOLD_PPM, type PortfolioFigures, ppmOf } from './model.ts'
import { useBankWords } from './words.ts'

/** A scale of at least this much, so that the threshold never stands at its end. */
const LEAST_SCALE_PPM = 20_000

/** The ratio with what it is made of, against the threshold. */
export function BadDebtCard({ now }: { now: PortfolioFigures | undefined }) {
  const { t } = useBankWords()
  return (
    <section className="card" aria-labelledby="bad-debt-title">
      <h2 id="bad-debt-title">{t('overview.badDebt.title')}</h2>
      {now ? <Ratio now={now} /> : <Skeleton active paragraph={{ rows: 3 }} />}
    </section>
  )
}

function Ratio({ now }: { now: PortfolioFigures }) {
  const { t } = useBankWords()
  const threshold = percentText(BAD_DEBT_THRESHOLD_PPM)
  const badFen = now.buckets
    .filter(({ name }) => BAD_BUCKETS.has(name))
    .reduce((sum, { principalFen }) => sum + principalFen, 0)
  const isAbove = now.badDebtPpm > BAD_DEBT_THRESHOLD_PPM
  return (
    <>
      <p className="fine">{t('overview.badDebt.formula')}</p>
      {now.principalFen === 0 ? (
        <p>{t('overview.badDebt.none')}</p>
      ) : (
        <p className="bank-formula">
          <Amount fen={badFen} /> ÷ <Amount fen={now.principalFen} /> ={' '}
          <strong>{percentText(now.badDebtPpm)}</strong>
        </p>
      )}
      <Scale ppm={now.badDebtPpm} />
      <p>
        <StatusChip
          tone={isAbove ? 'bad' : 'good'}
          icon={isAbove ? 'alert' : 'check'}
          text={t(isAbove ? 'overview.badDebt.above' : 'overview.badDebt.within', { threshold })}
        />
      </p>
    </>
  )
}

function Scale({ ppm }: { ppm: number }) {
  const { t } = useBankWords()
  const most = Math.max(LEAST_SCALE_PPM, ppm)
  const label = t('overview.badDebt.scale', {
    ratio: percentText(ppm),
    most: percentText(most),
    threshold: percentText(BAD_DEBT_THRESHOLD_PPM),
  })
  const isAbove = ppm > BAD_DEBT_THRESHOLD_PPM
  return (
    <div className="bank-scale" role="img" aria-label={label}>
      <span
        className={isAbove ? 'bank-fill-bad' : 'bank-fill'}
        style={{ width: widthOf(ppm, most) }}
      />
      <i style={{ left: widthOf(BAD_DEBT_THRESHOLD_PPM, most) }} />
    </div>
  )
}

/** A part of a whole as the width of a bar. */
export const widthOf = (part: number, whole: number): string =>
  percentText(Math.min(1_000_000, ppmOf(part, whole)))
