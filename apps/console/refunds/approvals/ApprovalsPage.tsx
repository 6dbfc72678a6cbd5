import { getRouteApi, Link } from '@tanstack/react-router'
import { Segmented } from 'antd'
import { useTranslation } from 'react-i18next'

import type { RefundRequest } from '../../../../contract/client.ts'
import { Amount } from '../../../web/Amount.tsx'
import { Moment } from '../../../web/Moment.tsx'
import { useActorName } from '../../cases/words.ts'
import { type Column, DataTable } from '../../list/DataTable.tsx'
import { Empty } from '../../list/Empty.tsx'
import { Pager } from '../../list/Pager.tsx'
import { StatusChip } from '../../list/StatusChip.tsx'
import { sumFen } from '../../list/sums.ts'
import { pageOf } from '../../list/use-list-figure.ts'
import { shortNo } from '../../payments/words.ts'
import { Icon } from '../../shell/Icon.tsx'
import { usePageTitle } from '../../shell/use-page-title.ts'
import { RequestAction } from './RequestAction.tsx'
import { RuleCard } from './RuleCard.tsx'
import type { ApprovalsSearch } from './search.ts'
import { useRefundRequests } from './use-requests.ts'
import { LOOK_OF_REQUEST } from './words.ts'

const PAGE_ROWS = 50
const route = getRouteApi('/office/refunds/approvals')

/** Refunds that one person may not give alone: what waits for a second one, and what became of the others. */
export function ApprovalsPage() {
  const { t } = useTranslation()
  const search: ApprovalsSearch = route.useSearch()
  const navigate = route.useNavigate()
  usePageTitle(t('approvals.title'))
  const list = useRefundRequests({
    ...(search.all ? {} : { status: ['waiting'] }),
    ...(search.before === undefined ? {} : { before: search.before }),
    limit: PAGE_ROWS,
  })
  const rows = list.data?.items
  const isFirst = search.before === undefined
  const { last, pager } = pageOf(rows, { rowsOfPage: PAGE_ROWS, isFirst })
  const show = (next: ApprovalsSearch) => void navigate({ search: next })
  const chosen: ApprovalsSearch = search.all ? { all: true } : {}
  return (
    <div className="page page-list">
      <header className="page-head">
        <div>
          <p className="crumbs">
            <Link to="/refunds">{t('menu.refunds')}</Link> <Icon name="right" />
          </p>
          <h1>{t('approvals.title')}</h1>
        </div>
      </header>
      <div className="filters" role="group" aria-label={t('filters.label')}>
        <Segmented
          aria-label={t('payments.status')}
          value={search.all ? 'all' : 'waiting'}
          options={[
            { value: 'waiting', label: t('approvals.statuses.waiting') },
            { value: 'all', label: t('approvals.all') },
          ]}
          onChange={(value) => show(value === 'all' ? { all: true } : {})}
        />
      </div>
      <DataTable
        label={t('approvals.title')}
        columns={useColumns(rows ?? [])}
        rows={rows}
        rowKey={({ id }) => id}
        query={list}
        isMarked={({ status }) => status === 'waiting'}
        empty={<Empty text={t(search.all ? 'approvals.none' : 'approvals.noneWaits')} />}
      />
      <Pager
        {...pager}
        onFirst={() => show(chosen)}
        onNext={() => last && show({ ...chosen, before: last.id })}
      />
      <RuleCard />
    </div>
  )
}

function useColumns(rows: readonly RefundRequest[]): Column<RefundRequest>[] {
  const { t } = useTranslation()
  const actorName = useActorName()
  return [
    {
      key: 'payment',
      title: t('refunds.paymentAndBill'),
      ...(rows.length > 0 ? { sum: t('sum.page', { count: rows.length }) } : {}),
      cell: ({ paymentId, paymentNo, billNo, lineNos }) => (
        <span className="two-lines">
          <Link to="/payments/$paymentId" params={{ paymentId }} title={paymentNo}>
            <code>{shortNo(paymentNo)}</code>
          </Link>
          <span className="fine">
            <code>{billNo}</code>{' '}
            {lineNos.length > 0 && t('refunds.lines', { lines: lineNos.join(', ') })}
          </span>
        </span>
      ),
    },
    {
      key: 'status',
      title: t('payments.status'),
      cell: ({ status }) => (
        <StatusChip {...LOOK_OF_REQUEST[status]} text={t(`approvals.statuses.${status}`)} />
      ),
    },
    {
      key: 'why',
      title: t('approvals.whyAndReason'),
      onWideOnly: true,
      cell: ({ why, reason }) => (
        <span className="two-lines">
          {why.map((each) => t(`approvals.whys.${each}`)).join(' ') || '—'}
          <span className="fine">{reason}</span>
        </span>
      ),
    },
    {
      key: 'asked',
      title: t('approvals.askedBy'),
      onWideOnly: true,
      cell: ({ requestedBy, createdAt }) => (
        <span className="two-lines">
          {actorName(requestedBy)}
          <Moment at={createdAt} form="exact" />
        </span>
      ),
    },
    {
      key: 'amount',
      title: t('moves.amount'),
      isNumber: true,
      ...(rows.length > 0
        ? { sum: <Amount fen={sumFen(rows, ({ amountFen }) => amountFen)} flow="out" /> }
        : {}),
      cell: ({ amountFen }) => <Amount fen={amountFen} flow="out" />,
    },
    {
      key: 'decision',
      title: t('approvals.decision'),
      cell: (row) => <DecisionCell request={row} />,
    },
  ]
}

function DecisionCell({ request }: { request: RefundRequest }) {
  const actorName = useActorName()
  if (request.status === 'waiting') return <RequestAction request={request} />
  return (
    <span className="two-lines">
      {actorName(request.decidedBy ?? '')}
      <span className="fine">
        {request.decisionNote ?? <Moment at={request.decidedAt} form="exact" />}
      </span>
    </span>
  )
}
