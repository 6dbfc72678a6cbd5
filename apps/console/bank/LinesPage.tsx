import { keepPreviousData } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { Segmented } from 'antd'

import { Amount } from '../../web/Amount.tsx'
import { Moment } from '../../web/Moment.tsx'
import { api } from '../api.ts'
import { type Column, DataTable } from '../list/DataTable.tsx'
import { Empty } from '../list/Empty.tsx'
import { Pager } from '../list/Pager.tsx'
import { StatusChip } from '../list/StatusChip.tsx'
import { sumFen } from '../list/sums.ts'
import { pageOf } from '../list/use-list-figure.ts'
import { given, oneOf } from '../search/params.ts'
import { useStaff } from '../shell/staff.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { AccountFilter } from './AccountFilter.tsx'
import { AccountName } from './loan-parts.tsx'
import { type LenderLine, LINE_STATUSES } from './model.ts'
import { useProductName } from './names.ts'
import type { LinesSearch } from './search.ts'
import { LOOK_OF, useBankWords } from './words.ts'

const PAGE_ROWS = 50
const route = getRouteApi('/office/bank/lines')

/** Accounts with a line of credit, the newest first. */
export function LinesPage() {
  const { t } = useBankWords()
  const { date: _date, ...search } = route.useSearch()
  const navigate = route.useNavigate()
  const { hospitalId: lenderId } = useStaff()
  usePageTitle(t('lines.title'))
  const { account, before, status } = search
  const query = given({ status, accountNo: account, before, limit: PAGE_ROWS })
  const list = api.query.useQuery(
    'get',
    '/v1/credit/lenders/{lenderId}/lines',
    { params: { path: { lenderId }, query } },
    { placeholderData: keepPreviousData },
  )
  const show = (next: LinesSearch) => void navigate({ search: next })
  const rows = list.data?.items
  const { last, pager } = pageOf(rows, { rowsOfPage: PAGE_ROWS, isFirst: before === undefined })
  const rest: LinesSearch = given({ status, account })
  const isFiltered = status !== undefined || account !== undefined
  return (
    <div className="page page-list bank-list">
      <header className="page-head">
        <h1>{t('lines.title')}</h1>
      </header>
      <div className="filters" role="group" aria-label={t('console:filters.label')}>
        <Segmented
          aria-label={t('status')}
          value={status ?? 'all'}
          options={['all', ...LINE_STATUSES].map((value) => ({
            value,
            label: t(value === 'all' ? 'statuses.all' : `statuses.line.${value}`),
          }))}
          onChange={(value) => show(given({ account, status: oneOf(LINE_STATUSES, value) }))}
        />
        <AccountFilter
          key={account ?? ''}
          account={account}
          onChange={(next) => show(given({ status, account: next }))}
        />
      </div>
      <DataTable
        label={t('lines.title')}
        columns={useColumns(rows ?? [])}
        rows={rows}
        rowKey={({ lineId }) => lineId}
        query={list}
        isMarked={(line) => line.status === 'suspended'}
        empty={<Empty text={t('lines.empty')} onClear={isFiltered ? () => show({}) : undefined} />}
      />
      <Pager
        {...pager}
        onFirst={() => show(rest)}
        onNext={() => last && show({ ...rest, before: last.lineId })}
      />
    </div>
  )
}

function useColumns(rows: readonly LenderLine[]): Column<LenderLine>[] {
  const { t } = useBankWords()
  const { hospitalId: lenderId } = useStaff()
  const productName = useProductName(lenderId)
  const withSum = rows.length > 0
  const amount = (
    name: string,
    key: 'limitFen' | 'reservedFen' | 'drawnFen' | 'freeFen',
    onWideOnly = false,
  ) => ({
    key,
    title: t(`lines.${name}`),
    isNumber: true,
    onWideOnly,
    ...(withSum ? { sum: <Amount fen={sumFen(rows, (line) => line[key])} /> } : {}),
    cell: (line: LenderLine) => <Amount fen={line[key]} />,
  })
  return [
    {
      key: 'account',
      title: t('account.no'),
      ...(withSum ? { sum: t('console:sum.page', { count: rows.length }) } : {}),
      cell: ({ lineId, accountNo }) => (
        <Link to="/bank/lines/$lineId" params={{ lineId }}>
          <AccountName accountNo={accountNo} />
        </Link>
      ),
    },
    {
      key: 'status',
      title: t('status'),
      cell: ({ status }) => (
        <StatusChip {...LOOK_OF.line[status]} text={t(`statuses.line.${status}`)} />
      ),
    },
    {
      key: 'product',
      title: t('product'),
      onWideOnly: true,
      cell: ({ productId }) => productName(productId),
    },
    {
      key: 'opened',
      title: t('lines.opened'),
      onWideOnly: true,
      cell: ({ createdAt }) => <Moment at={createdAt} form="date" />,
    },
    amount('limit', 'limitFen', true),
    amount('reserved', 'reservedFen', true),
    amount('drawn', 'drawnFen'),
    amount('free', 'freeFen', true),
  ]
}
