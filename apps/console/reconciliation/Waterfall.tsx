import { Link } from '@tanstack/react-router'
import { Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Amount } from '../../web/Amount.tsx'
import { SignedAmount } from '../list/SignedAmount.tsx'
import type { ReconciledDaySearch } from '../search/params.ts'
import { useProviderName } from '../shell/use-names.ts'
import { OursLink } from './IdentityTable.tsx'
import { type Scale, scaleOf, type Step, stepsOf } from './waterfall.ts'
import type { DayDetail } from './words.ts'

/** How ours becomes theirs, class by class: each bar opens the differences that it is made of. */
export function Waterfall({ day }: { day: DayDetail }) {
  const { t } = useTranslation()
  const nameOf = useProviderName()
  const all = identitiesOf(day)
  const [chosen, setChosen] = useState<string | null>(null)
  const shown = all.find(({ key }) => key === chosen) ?? all[0]
  if (!shown) return null
  const { source, identity } = shown
  const steps = stepsOf(identity)
  const scale = scaleOf(steps)
  return (
    <section className="card waterfall" aria-labelledby="waterfall-title">
      <div className="card-head">
        <h2 id="waterfall-title">{t('reconciliation.waterfall.title')}</h2>
        {all.length > 1 && (
          <Segmented
            aria-label={t('reconciliation.source')}
            value={shown.key}
            options={all.map((each) => ({
              value: each.key,
              label: `${nameOf(each.source)} ${t(`kinds.${each.identity.kind}`)}`,
            }))}
            onChange={setChosen}
          />
        )}
      </div>
      <table>
        <caption className="visually-hidden">
          {t('reconciliation.waterfall.of', {
            source: nameOf(source),
            kind: t(`kinds.${identity.kind}`),
          })}
        </caption>
        <tbody>
          {steps.map((step, i) => (
            <Bar
              key={step.name}
              step={step}
              scale={scale}
              isLast={i === steps.length - 1}
              source={source}
              kind={identity.kind}
            />
          ))}
        </tbody>
      </table>
      {scale.isCut && <p className="fine">{t('reconciliation.waterfall.cut')}</p>}
    </section>
  )
}

/** Of each party and kind that differs. */
const identitiesOf = (day: DayDetail) =>
  day.sources.flatMap(({ source, comparison }) =>
    (comparison?.identity ?? [])
      .filter(({ gaps }) => gaps.length > 0)
      .map((identity) => ({ key: `${source} ${identity.kind}`, source, identity })),
  )

type Kind = ReturnType<typeof identitiesOf>[number]['identity']['kind']

/** Whose rows add up to the bar; those of ours have a page of their own. */
function searchOf({ name }: Step, source: string, kind: Kind): ReconciledDaySearch | null {
  if (name === 'ours') return null
  if (name === 'theirs') return { view: 'lines', source, kind }
  return { view: 'differences', source, kind, class: name, present: true }
}

type BarProps = { step: Step; scale: Scale; isLast: boolean; source: string; kind: Kind }

function Bar({ step, scale, isLast, source, kind }: BarProps) {
  const { t } = useTranslation()
  const { name, count, amountFen } = step
  const isSum = name === 'ours' || name === 'theirs'
  const words = t(isSum ? `reconciliation.${name}` : `reconciliation.classes.${name}`)
  const picture = <Picture step={step} scale={scale} isSum={isSum} isLast={isLast} />
  const search = searchOf(step, source, kind)
  const rows = { to: '/reconciliation/day', hash: 'day-lists' } as const
  return (
    <tr>
      <th scope="row">
        {search ? (
          <Link {...rows} search={search}>
            {words}
          </Link>
        ) : (
          <OursLink source={source} kind={kind}>
            {words}
          </OursLink>
        )}
      </th>
      <td className="waterfall-bar">
        {search ? (
          <Link {...rows} search={search} tabIndex={-1} aria-hidden="true">
            {picture}
          </Link>
        ) : (
          picture
        )}
      </td>
      <td className="is-number fine">
        {(isSum || count !== 0) && t('count', { count: Math.abs(count) })}
      </td>
      <td className="is-number">
        {isSum ? <Amount fen={amountFen} /> : <SignedAmount fen={amountFen} />}
      </td>
    </tr>
  )
}

const WIDTH = 1_000
const HEIGHT = 40
const INSET = 8
/** So that a difference of a few fen is there to be seen. */
const LEAST_WIDTH = 4

type PictureProps = {
  step: Omit<Step, 'name' | 'count'>
  scale: Scale
  isSum: boolean
  isLast: boolean
}

/** A bar between two running sums, and the line that leads from it to the next. */
export function Picture({
  step: { fromFen, toFen, amountFen },
  scale,
  isSum,
  isLast,
}: PictureProps) {
  const [from, to] = [WIDTH * scale.x(fromFen), WIDTH * scale.x(toFen)]
  const tone = isSum ? 'sum' : amountFen < 0 ? 'less' : 'more'
  const width = Math.max(LEAST_WIDTH, Math.abs(to - from))
  const left = Math.min(from, to, WIDTH - width)
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      {!isSum && <line x1={from} x2={from} y1={0} y2={INSET} />}
      <rect
        className={`waterfall-${tone}`}
        x={left}
        y={INSET}
        width={width}
        height={HEIGHT - 2 * INSET}
      />
      {isSum && scale.isCut && (
        <path className="waterfall-cut" d={`M30 ${INSET - 3}l-12 30M44 ${INSET - 3}l-12 30`} />
      )}
      {!isLast && <line x1={to} x2={to} y1={HEIGHT - INSET} y2={HEIGHT} />}
      {isSum && isLast && <line x1={to} x2={to} y1={0} y2={INSET} />}
    </svg>
  )
}
