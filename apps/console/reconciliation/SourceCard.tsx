import { Link } from '@tanstack/react-router'
import { Fragment, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

import { Amount } from '../../web/Amount.tsx'
import { Moment } from '../../web/Moment.tsx'
import { StatusChip } from '../list/StatusChip.tsx'
import { DIFFERENCE_CLASSES } from '../search/choices.ts'
import { Icon } from '../shell/Icon.tsx'
import { useProviderName } from '../shell/use-names.ts'
import { arrivalState, LOOK_OF_ARRIVAL, type Source } from './words.ts'

type Identity = NonNullable<Source['comparison']>['identity'][number]

/** One party: what came of its list, and why it is not ours, to the fen. Every figure leads to its rows. */
export function SourceCard({ date, source }: { date: string; source: Source }) {
  const { t } = useTranslation()
  const nameOf = useProviderName()
  const { arrival, comparison } = source
  const state = arrivalState(date, arrival)
  return (
    <section className="card" aria-label={nameOf(source.source)}>
      <div className="card-head">
        <h2>{nameOf(source.source)}</h2>
        <StatusChip {...LOOK_OF_ARRIVAL[state]} text={t(`reconciliation.arrivals.${state}`)} />
        <ArrivalFacts source={source} />
      </div>
      {comparison ? (
        comparison.identity.map((identity) => (
          <IdentityLine key={identity.kind} source={source} identity={identity} />
        ))
      ) : (
        <p className="fine">{t('reconciliation.notCompared')}</p>
      )}
    </section>
  )
}

function ArrivalFacts({ source: { arrival, statements, comparison } }: { source: Source }) {
  const { t } = useTranslation()
  const [newest] = statements
  return (
    <ul className="object-facts">
      {newest && (
        <li title={newest.sha256}>
          {t('reconciliation.version', { version: newest.version, lines: newest.lineCount })}
        </li>
      )}
      {arrival.receivedAt && (
        <li>
          {t('reconciliation.receivedAt')} <Moment at={arrival.receivedAt} form="exact" />
        </li>
      )}
      {newest?.feeFen != null && (
        <li>
          {t('reconciliation.fee')} <Amount fen={newest.feeFen} />
        </li>
      )}
      {comparison && (
        <li>
          {t('reconciliation.comparedAt')} <Moment at={comparison.comparedAt} form="exact" />
        </li>
      )}
      {arrival.status !== 'received' && (arrival.reason ?? arrival.refusalCode) && (
        <li>{arrival.refusalCode ?? arrival.reason}</li>
      )}
      {arrival.nextTryAt && (
        <li>
          {t('reconciliation.nextTryAt')} <Moment at={arrival.nextTryAt} form="exact" />
        </li>
      )}
    </ul>
  )
}

/** Ours, plus what only they have, less what only we have, and the other gaps, is theirs. */
function IdentityLine({ source, identity }: { source: Source; identity: Identity }) {
  const { t } = useTranslation()
  const { kind, ours, gaps, theirs } = identity
  const inOrder = gaps.toSorted(
    (a, b) => DIFFERENCE_CLASSES.indexOf(a.class) - DIFFERENCE_CLASSES.indexOf(b.class),
  )
  return (
    <div className="identity">
      <span className="identity-kind">{t(`kinds.${kind}`)}</span>
      <Term name={t('reconciliation.ours')} count={ours.count} fen={ours.amountFen}>
        {(figure) => <OursLink source={source.source} kind={kind}>{figure}</OursLink>}
      </Term>
      {inOrder.map((gap) => (
        <Fragment key={gap.class}>
          <span className="identity-sign">{gap.amountFen < 0 ? '−' : '+'}</span>
          <Term
            name={t(`reconciliation.classes.${gap.class}`)}
            count={gap.count}
            fen={Math.abs(gap.amountFen)}
            isGap
          >
            {(figure) => (
              <Link
                to="/reconciliation/day"
                search={{ view: 'differences', source: source.source, kind, class: gap.class, present: true }}
                className="figure-link"
              >
                {figure}
              </Link>
            )}
          </Term>
        </Fragment>
      ))}
      <span className="identity-sign">=</span>
      <Term name={t('reconciliation.theirs')} count={theirs.count} fen={theirs.amountFen}>
        {(figure) => (
          <Link
            to="/reconciliation/day"
            search={{ view: 'lines', source: source.source, kind }}
            className="figure-link"
          >
            {figure}
          </Link>
        )}
      </Term>
      {gaps.length === 0 && (
        <span className="tone-good identity-same">
          <Icon name="check" /> {t('sum.same')}
        </span>
      )}
    </div>
  )
}

type TermProps = {
  name: string
  count: number
  fen: number
  isGap?: boolean
  children: (figure: ReactNode) => ReactNode
}

function Term({ name, count, fen, isGap = false, children }: TermProps) {
  const { t } = useTranslation()
  return (
    <span className={`term ${isGap ? 'term-gap' : ''}`}>
      <span className="fine">
        {name} {t('count', { count })}
      </span>
      <strong>{children(<Amount fen={fen} />)}</strong>
    </span>
  )
}

type OursLinkProps = { source: string; kind: Identity['kind']; children: ReactNode }

/** Our rows stand where they are kept: moves with the provider's name, bills with the day they were paid. */
function OursLink({ source, kind, children }: OursLinkProps) {
  const { t } = useTranslation()
  if (source !== 'his') {
    return (
      <Link to="/moves" search={{ provider: source, kind }} className="figure-link">
        {children}
      </Link>
    )
  }
  if (kind === 'return') return <span title={t('reconciliation.noListOfReturns')}>{children}</span>
  return (
    <Link to="/payments" search={{ by: 'paid', status: ['succeeded'] }} className="figure-link">
      {children}
    </Link>
  )
}
