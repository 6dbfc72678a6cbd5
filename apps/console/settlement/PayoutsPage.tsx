import { keepPreviousData } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { Button, Segmented } from 'antd'

import { Amount } from '../../web/Amount.tsx'
import { api } from '../api.ts'
import { SelectField } from '../channels/SelectField.tsx'
import { type Column, DataTable } from '../list/DataTable.tsx'
import { Empty } from '../list/Empty.tsx'
import { Pager } from '../list/Pager.tsx'
import { StatusChip } from '../list/StatusChip.tsx'
import { pageOf } from '../list/use-list-figure.ts'
import { given, oneOf } from '../search/params.ts'
import { Icon } from '../shell/Icon.tsx'
import { useStaff } from '../shell/staff.ts'
import { useProviderName } from '../shell/use-names.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { openFenOf, type Payout, PAYOUT_STATUSES } from './model.ts'
import type { PayoutsSearch } from './search.ts'
import { SettlementTabs } from './SettlementTabs.tsx'
import { LOOK_OF_BATCH, useSettlementWords } from './words.ts'

const PAGE_ROWS = 50
const route = getRouteApi('/office/settlement/batches')

/** Batches by state, provider or expected day: what is due first where they are open, else the newest first. */
export function PayoutsPage() {
  const { t } = useSettlementWords()
  const { hospitalId } = useStaff()
  const { date: _date, ...search } = route.useSearch()
  const navigate = route.useNavigate()
  usePageTitle(t('tabs.batches'))
  const { status, provider, expectedOn, after } = search
  const order = status === 'open' || status === 'late' ? ('due' as const) : ('date' as const)
  const query = { ...given({ status, provider, expectedOn, after }), order, limit: PAGE_ROWS }
  const list = api.query.useQuery(
    'get',
    '/v1/hospitals/{hospitalId}/settlement/payouts',
    { params: { path: { hospitalId }, query } },
    { placeholderData: keepPreviousData },
  )
  const rows = list.data?.items
  const rest = given({ status, provider, expectedOn })
  const show = (next: PayoutsSearch) => void navigate({ search: next })
  const { last, pager } = pageOf(rows, { rowsOfPage: PAGE_ROWS, isFirst: after === undefined })
  return (
    <div className="page page-list bank-list settlement-page">
      <header className="page-head">
        <h1>{t('tabs.batches')}</h1>
        <p className="fine on-wide-only">{t('batches.hint')}</p>
      </header>
      <SettlementTabs at="batches" />
      <Filters search={rest} onShow={show} />
      <DataTable
        label={t('tabs.batches')}
        columns={useColumns(list.data?.sum)}
        rows={rows}
        rowKey={(row) => `${row.provider} ${row.date}`}
        query={list}
        isMarked={({ status: at }) => at === 'late' || at === 'no_contract' || at === 'short'}
        empty={
          <Empty
            text={t('batches.empty')}
            onClear={Object.keys(rest).length > 0 ? () => show({}) : undefined}
          />
        }
      />
      <Pager
        {...pager}
        onFirst={() => show(rest)}
        onNext={() => last && show({ ...rest, after: `${last.provider}/${last.date}` })}
      />
    </div>
  )
}

type FiltersProps = { search: PayoutsSearch; onShow: (next: PayoutsSearch) => void }

function Filters({ search, onShow }: FiltersProps) {
  const { t } = useSettlementWords()
  const { hospitalId } = useStaff()
  const nameOf = useProviderName()
  const { status, provider, expectedOn } = search
  const { data } = api.query.useQuery(
    'get',
    '/v1/hospitals/{hospitalId}/settlement/standing/providers',
    { params: { path: { hospitalId } } },
  )
  const providers = data?.items.map((row) => row.provider) ?? (provider ? [provider] : [])
  return (
    <div className="filters" role="group" aria-label={t('console:filters.label')}>
      <Segmented
        aria-label={t('status')}
        value={status ?? 'all'}
        options={(['all', ...PAYOUT_STATUSES] as const).map((value) => ({
          value,
          label: t(`filters.${value}`),
        }))}
        onChange={(value) =>
          onShow(given({ provider, expectedOn, status: oneOf(PAYOUT_STATUSES, value) }))
        }
      />
      <SelectField
        label={t('provider')}
        value={provider ?? ''}
        options={[
          { value: '', label: t('filters.all') },
          ...providers.map((value) => ({ value, label: nameOf(value) })),
        ]}
        onChange={(value) => onShow(given({ status, expectedOn, provider: value || undefined }))}
      />
      {expectedOn !== undefined && (
        <Button icon={<Icon name="cross" />} onClick={() => onShow(given({ status, provider }))}>
          {t('batches.expectedOn', { day: expectedOn })}
        </Button>
      )}
    </div>
  )
}

type Sum = Record<'chargeFen' | 'returnFen' | 'feeFen' | 'payoutFen' | 'receivedFen', number>

function useColumns(sum: Sum | undefined): Column<Payout>[] {
  const { t } = useSettlementWords()
  const nameOf = useProviderName()
  const amount = (key: string, of: (row: Sum) => number, onWideOnly = true): Column<Payout> => ({
    key,
    title: t(`batches.columns.${key}`),
    isNumber: true,
    onWideOnly,
    sum: sum && <Amount fen={of(sum)} />,
    cell: (row) => <Amount fen={of(row)} />,
  })
  return [
    {
      key: 'batch',
      title: t('batches.columns.batch'),
      sum: t('sumOfAll'),
      cell: ({ provider, date }) => (
        <Link to="/settlement/batches/$provider/$day" params={{ provider, day: date }}>
          {nameOf(provider)} <span className="batch-day">{date}</span>
        </Link>
      ),
    },
    {
      key: 'status',
      title: t('status'),
      cell: ({ status }) => (
        <StatusChip {...LOOK_OF_BATCH[status]} text={t(`statuses.${status}`)} />
      ),
    },
    {
      key: 'due',
      title: t('expectedOn'),
      onWideOnly: true,
      cell: ({ expectedOn: day }) => (day === null ? '—' : <time dateTime={day}>{day}</time>),
    },
    amount('gross', (row) => row.chargeFen - row.returnFen),
    amount('fee', (row) => row.feeFen),
    amount('payout', (row) => row.payoutFen),
    amount('received', (row) => row.receivedFen),
    amount('open', openFenOf, false),
  ]
}
