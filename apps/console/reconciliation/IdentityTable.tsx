import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

import { Amount } from '../../web/Amount.tsx'
import { Moment } from '../../web/Moment.tsx'
import { StatusChip } from '../list/StatusChip.tsx'
import { useReasonText } from '../payments/words.ts'
import { DIFFERENCE_CLASSES, type DifferenceClass } from '../search/choices.ts'
import { Icon } from '../shell/Icon.tsx'
import { useProviderName } from '../shell/use-names.ts'
import { arrivalState, type DayDetail, LOOK_OF_ARRIVAL, type Source } from './words.ts'

type Identity = NonNullable<Source['comparison']>['identity'][number]

// What the field itself says of a day: 我方 + 对方多 − 我方多 ± 金额差 = 对方. Other terms only where there are any.
const ALWAYS: readonly DifferenceClass[] = ['theirs_only', 'ours_only', 'amount']
const SIGN_OF_CLASS: Partial<Record<DifferenceClass, string>> = { theirs_only: '+', ours_only: '−' }

/** Each party's list against ours, to the fen, as one line each way. Every figure leads to its rows. */
export function IdentityTable({ day }: { day: DayDetail }) {
  const { t } = useTranslation()
  const identities = day.sources.flatMap(({ comparison }) => comparison?.identity ?? [])
  const isThere = (cls: DifferenceClass) =>
    identities.some(({ gaps }) => gaps.some((gap) => gap.class === cls))
  const classes = DIFFERENCE_CLASSES.filter((cls) => ALWAYS.includes(cls) || isThere(cls))
  return (
    <div className="table-frame identity">
      <table className="data-table">
        <caption className="visually-hidden">{t('reconciliation.identity')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('reconciliation.source')}</th>
            <th scope="col">{t('moves.kind')}</th>
            <th scope="col" className="is-number">
              {t('reconciliation.ours')}
            </th>
            {classes.map((cls) => (
              <th key={cls} scope="col" className="is-number">
                {SIGN_OF_CLASS[cls] ?? '±'} {t(`reconciliation.classes.${cls}`)}
              </th>
            ))}
            <th scope="col" className="is-number">
              = {t('reconciliation.theirs')}
            </th>
            <th scope="col" className="on-wide-only">
              {t('reconciliation.result')}
            </th>
          </tr>
        </thead>
        {day.sources.map((source) => (
          <SourceRows key={source.source} date={day.date} source={source} classes={classes} />
        ))}
      </table>
    </div>
  )
}

type SourceRowsProps = { date: string; source: Source; classes: readonly DifferenceClass[] }

function SourceRows({ date, source, classes }: SourceRowsProps) {
  const { t } = useTranslation()
  const identity = source.comparison?.identity
  return (
    <tbody>
      <tr>
        <SourceHead date={date} source={source} rowSpan={identity?.length ?? 1} />
        {identity?.[0] ? (
          <IdentityCells source={source.source} identity={identity[0]} classes={classes} />
        ) : (
          <td colSpan={classes.length + 4}>{t('reconciliation.notCompared')}</td>
        )}
      </tr>
      {identity?.slice(1).map((each) => (
        <tr key={each.kind}>
          <IdentityCells source={source.source} identity={each} classes={classes} />
        </tr>
      ))}
    </tbody>
  )
}

type SourceHeadProps = { date: string; source: Source; rowSpan: number }

function SourceHead({ date, source, rowSpan }: SourceHeadProps) {
  const { t } = useTranslation()
  const nameOf = useProviderName()
  const reasonText = useReasonText()
  const { arrival, statements } = source
  const [newest] = statements
  const state = arrivalState(date, arrival)
  return (
    <th scope="rowgroup" rowSpan={rowSpan} className="source-head">
      <span className="source-name">
        {nameOf(source.source)}
        <StatusChip {...LOOK_OF_ARRIVAL[state]} text={t(`reconciliation.arrivals.${state}`)} />
      </span>
      {newest && (
        <span className="fine" title={`SHA-256 ${newest.sha256}`}>
          {t('reconciliation.version', { version: newest.version, lines: newest.lineCount })}
          {newest.feeFen !== null && (
            <>
              {' · '}
              {t('reconciliation.fee')} <Amount fen={newest.feeFen} />
            </>
          )}
        </span>
      )}
      {arrival.receivedAt && (
        <span className="fine">
          <Moment at={arrival.receivedAt} form="exact" />
        </span>
      )}
      {arrival.status !== 'received' && (
        <span className="fine">
          {arrival.refusalCode === null ? (
            // What the adapter noted is for whoever mends the connection.
            <span title={arrival.reason ?? undefined}>{t('reconciliation.noList')}</span>
          ) : (
            reasonText(arrival.refusalCode)
          )}
          {arrival.nextTryAt && (
            <>
              {' '}
              {t('reconciliation.nextTryAt')} <Moment at={arrival.nextTryAt} form="exact" />
            </>
          )}
        </span>
      )}
    </th>
  )
}

type IdentityCellsProps = {
  source: string
  identity: Identity
  classes: readonly DifferenceClass[]
}

function IdentityCells({ source, identity, classes }: IdentityCellsProps) {
  const { t } = useTranslation()
  const { kind, ours, gaps, theirs } = identity
  return (
    <>
      <td>{t(`kinds.${kind}`)}</td>
      <Figure count={ours.count} fen={ours.amountFen}>
        {(figure) => (
          <OursLink source={source} kind={kind}>
            {figure}
          </OursLink>
        )}
      </Figure>
      {classes.map((cls) => (
        <Gap key={cls} source={source} kind={kind} cls={cls} gaps={gaps} />
      ))}
      <Figure count={theirs.count} fen={theirs.amountFen}>
        {(figure) => (
          <Link to="/reconciliation/day" search={{ view: 'lines', source, kind }}>
            {figure}
          </Link>
        )}
      </Figure>
      <td className="on-wide-only">
        {gaps.length === 0 ? (
          <span className="tone-good">
            <Icon name="check" /> {t('sum.same')}
          </span>
        ) : (
          <span className="tone-held">
            <Icon name="alert" /> {t('reconciliation.differs')}
          </span>
        )}
      </td>
    </>
  )
}

type GapProps = {
  source: string
  kind: Identity['kind']
  cls: DifferenceClass
  gaps: Identity['gaps']
}

/** One class of differences: what only we have stands under its own minus, all others with the sign they have. */
function Gap({ source, kind, cls, gaps }: GapProps) {
  const gap = gaps.find((each) => each.class === cls)
  if (!gap) {
    return (
      <td className="is-number">
        <Amount fen={0} />
      </td>
    )
  }
  const shownFen = cls === 'ours_only' ? 0 - gap.amountFen : gap.amountFen
  return (
    <Figure count={Math.abs(gap.count)} fen={shownFen} isGap>
      {(figure) => (
        <Link
          to="/reconciliation/day"
          search={{ view: 'differences', source, kind, class: cls, present: true }}
        >
          {figure}
        </Link>
      )}
    </Figure>
  )
}

type FigureProps = {
  count: number
  fen: number
  isGap?: boolean
  children: (figure: ReactNode) => ReactNode
}

function Figure({ count, fen, isGap = false, children }: FigureProps) {
  const { t } = useTranslation()
  return (
    <td className={`is-number ${isGap ? 'is-gap' : ''}`}>
      {children(<Amount fen={fen} />)}
      {(count !== 0 || !isGap) && <span className="fine">{t('count', { count })}</span>}
    </td>
  )
}

type OursLinkProps = { source: string; kind: Identity['kind']; children: ReactNode }

/** Our rows stand where they are kept: moves with the provider's name, bills with the day they were paid. */
export function OursLink({ source, kind, children }: OursLinkProps) {
  const { t } = useTranslation()
  if (source !== 'his') {
    return (
      <Link to="/moves" search={{ provider: source, kind }}>
        {children}
      </Link>
    )
  }
  if (kind === 'return') return <span title={t('reconciliation.noListOfReturns')}>{children}</span>
  return (
    <Link to="/payments" search={{ by: 'paid', status: ['succeeded'] }}>
      {children}
    </Link>
  )
}
