import { Amount } from '../../web/Amount.tsx'
import { api } from '../api.ts'
import { type Column, DataTable } from '../list/DataTable.tsx'
import { Empty } from '../list/Empty.tsx'
import { useStaff } from '../shell/staff.ts'
import type { Day } from './model.ts'
import { useDepositWords } from './words.ts'

/** What a stay cost each day, and what of it the deposit has not paid yet. */
export function DaysCard({ accountId }: { accountId: string }) {
  const { t } = useDepositWords()
  const { hospitalId } = useStaff()
  const list = api.query.useQuery('get', '/v1/hospitals/{hospitalId}/deposits/{id}/days', {
    params: { path: { hospitalId, id: accountId } },
  })
  return (
    <section className="card" aria-labelledby="days-title">
      <h2 id="days-title">{t('days.title')}</h2>
      <DataTable
        label={t('days.title')}
        columns={useDayColumns()}
        rows={list.data?.items}
        rowKey={({ day }) => day}
        query={list}
        isMarked={({ drawnFen, totalFen }) => drawnFen < totalFen}
        empty={<Empty text={t('days.none')} />}
      />
    </section>
  )
}

/** The day, what it cost, and what is still to be drawn. */
export function useDayColumns<Row extends Day>(): Column<Row>[] {
  const { t } = useDepositWords()
  return [
    { key: 'day', title: t('days.day'), cell: ({ day }) => <time dateTime={day}>{day}</time> },
    {
      key: 'total',
      title: t('days.total'),
      isNumber: true,
      onWideOnly: true,
      cell: ({ totalFen }) => <Amount fen={totalFen} />,
    },
    {
      key: 'drawn',
      title: t('days.drawn'),
      isNumber: true,
      onWideOnly: true,
      cell: ({ drawnFen }) => <Amount fen={drawnFen} />,
    },
    {
      key: 'open',
      title: t('days.open'),
      isNumber: true,
      cell: ({ totalFen, drawnFen }) => <Amount fen={totalFen - drawnFen} />,
    },
  ]
}
