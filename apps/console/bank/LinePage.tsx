import { getRouteApi, Link } from '@tanstack/react-router'
import { Skeleton } from 'antd'

import type { operations } from '../../../contract/hub.d.ts'
import { amountText } from '../../web/amount.ts'
import { Amount } from '../../web/Amount.tsx'
import { Moment } from '../../web/Moment.tsx'
import { api } from '../api.ts'
import { CopyText } from '../list/CopyText.tsx'
import { Empty } from '../list/Empty.tsx'
import { Fault } from '../list/Fault.tsx'
import { StatusChip } from '../list/StatusChip.tsx'
import { Icon, type IconName } from '../shell/Icon.tsx'
import { useStaff } from '../shell/staff.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { LineChangeCard } from './LineChangeCard.tsx'
import type { LenderLine } from './model.ts'
import { useActor } from './names.ts'
import { useProductName } from './names.ts'
import { UseBar } from './UseBar.tsx'
import { LOOK_OF, useBankWords } from './words.ts'

type Changes =
  operations['getLenderLine']['responses'][200]['content']['application/json']['changes']

/** One account: what is granted and in use, and who changed it and why. */
export function LinePage() {
  const { t } = useBankWords()
  const { lineId } = getRouteApi('/office/bank/lines/$lineId').useParams()
  const { hospitalId: lenderId } = useStaff()
  const { data, error, refetch } = api.query.useQuery(
    'get',
    '/v1/credit/lenders/{lenderId}/lines/{id}',
    { params: { path: { lenderId, id: lineId } } },
  )
  usePageTitle(t('lines.title'))
  return (
    <div className="page">
      <p className="crumbs">
        <Link to="/bank/lines">{t('lines.title')}</Link> <Icon name="right" />
      </p>
      {error !== null && <Fault error={error} onRetry={() => void refetch()} />}
      {!data && error === null && <Skeleton active paragraph={{ rows: 8 }} />}
      {data && (
        <>
          <Head line={data.line} />
          <div className="object">
            <div className="object-main">
              <UseSection line={data.line} />
            </div>
            <div className="object-side">
              <LineChangeCard key={data.line.status} line={data.line} />
              <ChangesCard changes={data.changes} />
            </div>
          </div>
        </>
      )}
    </div>
  )
}

function Head({ line }: { line: LenderLine }) {
  const { t } = useBankWords()
  const { hospitalId: lenderId } = useStaff()
  const productName = useProductName(lenderId)
  return (
    <header className="object-head bank-head">
      <div>
        <h1>
          {t('lines.limit')} <Amount fen={line.limitFen} />{' '}
          <StatusChip {...LOOK_OF.line[line.status]} text={t(`statuses.line.${line.status}`)} />
        </h1>
        <ul className="object-facts">
          <li className="bank-account">
            {t('account.no')} <CopyText text={line.accountNo} />
          </li>
          <li>
            {t('product')} {productName(line.productId)}
          </li>
          <li>
            {t('way')} {t(`ways.${line.way}`)}
          </li>
          <li>
            {t('lines.opened')} <Moment at={line.createdAt} form="exact" />
          </li>
        </ul>
      </div>
      <Link to="/bank/loans" search={{ account: line.accountNo }}>
        {t('lines.loans')}
      </Link>
    </header>
  )
}

function UseSection({ line }: { line: LenderLine }) {
  const { t } = useBankWords()
  const { limitFen, drawnFen, reservedFen, freeFen } = line
  const label = t('overview.use.bar', {
    limit: amountText(limitFen),
    drawn: amountText(drawnFen),
    reserved: amountText(reservedFen),
  })
  const facts = [
    ['limit', limitFen],
    ['drawn', drawnFen],
    ['reserved', reservedFen],
    ['free', freeFen],
  ] as const
  return (
    <section className="card" aria-labelledby="line-use-title">
      <h2 id="line-use-title">{t('lines.use')}</h2>
      <UseBar label={label} limitFen={limitFen} drawnFen={drawnFen} reservedFen={reservedFen} />
      <dl className="bank-facts">
        {facts.map(([name, fen]) => (
          <div key={name}>
            <dt>{t(`lines.${name}`)}</dt>
            <dd>
              <Amount fen={fen} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

const ICON_OF: Record<Changes[number]['kind'], IconName> = {
  opened: 'open',
  limit: 'refresh',
  suspended: 'lock',
  resumed: 'check',
  ended: 'cross',
}

function ChangesCard({ changes }: { changes: Changes }) {
  const { t } = useBankWords()
  const actorName = useActor()
  const reasonText = useReasonText()
  return (
    <section className="card" aria-labelledby="changes-title">
      <h2 id="changes-title">{t('lines.changes')}</h2>
      {changes.length === 0 && <Empty text={t('lines.noChanges')} />}
      <ol className="timeline">
        {changes.map((change) => (
          <li key={`${change.at} ${change.kind}`} className="step">
            <span className="step-icon">
              <Icon name={ICON_OF[change.kind]} />
            </span>
            <div className="step-body">
              <p className="step-head">
                <strong>{t(`lines.kinds.${change.kind}`)}</strong>
                {change.limitBeforeFen !== change.limitAfterFen && (
                  <span>
                    {t('lines.change', {
                      before: amountText(change.limitBeforeFen),
                      after: amountText(change.limitAfterFen),
                    })}
                  </span>
                )}
              </p>
              <p className="fine step-fine">{reasonText(change.reason)}</p>
            </div>
            <div className="step-time">
              <Moment at={change.at} form="exact" />
              <span>{actorName(change.actor)}</span>
            </div>
          </li>
        ))}
      </ol>
    </section>
  )
}

/** The hub's own reasons in words; what staff wrote stays as it is. */
function useReasonText(): (reason: string) => string {
  const { t } = useBankWords()
  return (reason) => {
    const overdue = /^loan overdue: (\w+)$/.exec(reason)?.[1]
    if (overdue) {
      const stage = t(`stages.${overdue}`, { defaultValue: overdue })
      return t('lines.reasons.overdue', { stage })
    }
    if (/^application [0-9a-f-]{36}$/.test(reason)) return t('lines.reasons.application')
    const key = KEY_OF_REASON[reason]
    return key ? t(`lines.reasons.${key}`) : reason
  }
}

const KEY_OF_REASON: Record<string, string> = {
  'not overdue': 'notOverdue',
  'told by the lender': 'told',
  'ended by the person': 'person',
}
