import { getRouteApi, Link } from '@tanstack/react-router'
import { Segmented } from 'antd'
import { useState } from 'react'

import { addDays, type BusinessDate } from '../../../kernel/time.ts'
import { Amount } from '../../web/Amount.tsx'
import { api } from '../api.ts'
import { today } from '../clock.ts'
import { type Column, DataTable } from '../list/DataTable.tsx'
import { Empty } from '../list/Empty.tsx'
import { Pager } from '../list/Pager.tsx'
import { StatusChip } from '../list/StatusChip.tsx'
import { sumFen } from '../list/sums.ts'
import { useStaff } from '../shell/staff.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { leftFenOf, type Receipt, unexplainedFirst } from './model.ts'
import { SettlementTabs } from './SettlementTabs.tsx'
import { useSettlementWords } from './words.ts'

const PAGE_ROWS = 50
const DAYS_SHOWN = 92
/** Before any receipt: what nothing explains is shown however old it is. */
const FIRST_DAY = '2000-01-01' as BusinessDate
const route = getRouteApi('/office/settlement/receipts')

/** What the bank says that came: first what nothing explains. */
export function ReceiptsPage() {
  const { t } = useSettlementWords()
  const { hospitalId } = useStaff()
  const { all } = route.useSearch()
  const navigate = route.useNavigate()
  const [skipped, setSkipped] = useState(0)
  usePageTitle(t('tabs.receipts'))
  const to = today()
  const from = all ? addDays(to, 1 - DAYS_SHOWN) : FIRST_DAY
  const list = api.query.useQuery('get', '/v1/hospitals/{hospitalId}/settlement/receipts', {
    params: { path: { hospitalId }, query: { from, to, onlyUnexplained: !all } },
  })
  const rows = list.data && unexplainedFirst(list.data.items)
  const page = rows?.slice(skipped, skipped + PAGE_ROWS)
  const show = (value: string | number) => {
    setSkipped(0)
    void navigate({ search: value === 'all' ? { all: true } : {} })
  }
  return (
    <div className="page page-list bank-list settlement-page">
      <header className="page-head">
        <h1>{t('tabs.receipts')}</h1>
        <p className="fine on-wide-only">{t('receipts.hint')}</p>
      </header>
      <SettlementTabs at="receipts" />
      <div className="filters" role="group" aria-label={t('console:filters.label')}>
        <Segmented
          aria-label={t('status')}
          value={all ? 'all' : 'unexplained'}
          options={(['unexplained', 'all'] as const).map((value) => ({
            value,
            label: t(`receipts.filters.${value}`, { days: DAYS_SHOWN }),
          }))}
          onChange={show}
        />
      </div>
      <DataTable
        label={t('tabs.receipts')}
        columns={useColumns(rows)}
        rows={page}
        rowKey={({ account, bankRef, variant }) => `${account} ${bankRef} ${variant}`}
        query={list}
        isMarked={({ status }) => status === 'unexplained'}
        empty={<Empty text={t(all ? 'receipts.empty' : 'receipts.allExplained')} />}
      />
      <Pager
        shown={page?.length}
        hasMore={rows !== undefined && skipped + PAGE_ROWS < rows.length}
        isFirst={skipped === 0}
        onFirst={() => setSkipped(0)}
        onNext={() => setSkipped(skipped + PAGE_ROWS)}
      />
    </div>
  )
}

function useColumns(rows: readonly Receipt[] | undefined): Column<Receipt>[] {
  const { t } = useSettlementWords()
  return [
    {
      key: 'no',
      title: t('receipt.number'),
      sum: t('sumOfAll'),
      cell: ({ account, bankRef, variant, bookedOn }) => (
        <span className="two-lines">
          <Link
            to="/settlement/receipts/$account/$bankRef/$variant"
            params={{ account, bankRef, variant: String(variant) }}
          >
            {bankRef}
          </Link>
          <time className="fine" dateTime={bookedOn}>
            {bookedOn}
          </time>
        </span>
      ),
    },
    {
      key: 'status',
      title: t('status'),
      cell: (receipt) => <ReceiptChip receipt={receipt} />,
    },
    { key: 'payer', title: t('receipt.payer'), onWideOnly: true, cell: ({ payer }) => payer },
    { key: 'memo', title: t('receipt.memo'), onWideOnly: true, cell: ({ memo }) => memo },
    {
      key: 'amount',
      title: t('amount'),
      isNumber: true,
      sum: rows && <Amount fen={sumFen(rows, ({ amountFen }) => amountFen)} />,
      cell: ({ amountFen }) => <Amount fen={amountFen} />,
    },
    {
      key: 'left',
      title: t('receipt.left'),
      isNumber: true,
      onWideOnly: true,
      sum: rows && <Amount fen={sumFen(rows, leftFenOf)} />,
      cell: (receipt) => <Amount fen={leftFenOf(receipt)} />,
    },
  ]
}

export function ReceiptChip({ receipt: { status, variant } }: { receipt: Receipt }) {
  const { t } = useSettlementWords()
  if (status === 'received') {
    return <StatusChip tone="good" icon="check" text={t('receipt.received')} />
  }
  const word = variant > 1 ? 'receipt.variant' : 'receipt.unexplained'
  return <StatusChip tone="held" icon="alert" text={t(word)} />
}
