import { Link } from '@tanstack/react-router'

import { Amount } from '../../web/Amount.tsx'
import { api } from '../api.ts'
import { type Column, DataTable } from '../list/DataTable.tsx'
import { Empty } from '../list/Empty.tsx'
import { StatusChip } from '../list/StatusChip.tsx'
import { sumFen } from '../list/sums.ts'
import { monthOf } from '../reconciliation/month.ts'
import { MonthStepper } from '../reconciliation/MonthStepper.tsx'
import { useBusinessDate } from '../shell/DatePicker.tsx'
import { useStaff } from '../shell/staff.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { DaysCard } from './DaysCard.tsx'
import { ExportCard } from './ExportCard.tsx'
import { numberOf, type Voucher } from './model.ts'
import { VoucherTabs } from './VoucherTabs.tsx'
import { useVoucherWords } from './words.ts'

/** The vouchers of a month, what of it has none, and how they are handed over. */
export function VouchersPage() {
  const { t } = useVoucherWords()
  const { hospitalId } = useStaff()
  const { first, last } = monthOf(useBusinessDate())
  usePageTitle(`${t('title')} ${first.slice(0, 7)}`)
  const list = api.query.useQuery('get', '/v1/hospitals/{hospitalId}/accounting/vouchers', {
    params: { path: { hospitalId }, query: { from: first, to: last } },
  })
  const rows = list.data?.items
  return (
    <div className="page bank-list settlement-page">
      <header className="page-head">
        <h1>{t('title')}</h1>
        <MonthStepper first={first} last={last} />
      </header>
      <VoucherTabs at="vouchers" />
      <DaysCard first={first} last={last} />
      <ExportCard key={first} first={first} last={last} />
      <DataTable
        label={t('list.label', { month: first.slice(0, 7) })}
        columns={useColumns(rows)}
        rows={rows}
        rowKey={({ id }) => id}
        query={list}
        empty={<Empty text={t('list.empty')} />}
      />
    </div>
  )
}

function useColumns(rows: readonly Voucher[] | undefined): Column<Voucher>[] {
  const { t } = useVoucherWords()
  const amount = (key: 'financialFen' | 'budgetFen'): Column<Voucher> => ({
    key,
    title: t(`list.columns.${key}`),
    isNumber: true,
    onWideOnly: key === 'budgetFen',
    sum: rows && <Amount fen={sumFen(rows, (row) => row[key])} />,
    cell: (row) => (
      <Link
        to="/vouchers/$voucherId"
        params={{ voucherId: row.id }}
        search={{ book: key === 'budgetFen' ? 'budget' : 'financial' }}
      >
        <Amount fen={row[key]} />
      </Link>
    ),
  })
  return [
    {
      key: 'no',
      title: t('list.columns.no'),
      sum: rows && t('list.count', { count: rows.length }),
      cell: (voucher) => (
        <span className="two-lines">
          <Link to="/vouchers/$voucherId" params={{ voucherId: voucher.id }}>
            {numberOf(voucher)}
          </Link>
          {voucher.version > 1 && <span className="fine">{t('list.later')}</span>}
        </span>
      ),
    },
    {
      key: 'date',
      title: t('list.columns.date'),
      cell: ({ date }) => <time dateTime={date}>{date}</time>,
    },
    amount('financialFen'),
    amount('budgetFen'),
    {
      key: 'balanced',
      title: t('list.columns.balanced'),
      onWideOnly: true,
      cell: () => <StatusChip tone="good" icon="check" text={t('balanced')} />,
    },
    {
      key: 'erp',
      title: t('list.columns.erpNo'),
      onWideOnly: true,
      cell: ({ erpNo }) => erpNo ?? <span className="fine">{t('list.notTaken')}</span>,
    },
  ]
}
