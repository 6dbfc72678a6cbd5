import { Amount } from '../../web/Amount.tsx'
import { Moment } from '../../web/Moment.tsx'
import { api } from '../api.ts'
import { type Column, DataTable } from '../list/DataTable.tsx'
import { Empty } from '../list/Empty.tsx'
import { SignedAmount } from '../list/SignedAmount.tsx'
import { useStaff } from '../shell/staff.ts'
import type { Allotment } from './model.ts'
import { useActor, useBenefitWords } from './words.ts'

const MOST_ROWS = 200

/** The slices of a budget: what was put in and taken back, by which paper, the latest first. */
export function AllotmentsCard({ programmeId }: { programmeId: string }) {
  const { t } = useBenefitWords()
  const { hospitalId } = useStaff()
  const list = api.query.useQuery(
    'get',
    '/v1/hospitals/{hospitalId}/benefit-programmes/{id}/allotments',
    { params: { path: { hospitalId, id: programmeId }, query: { limit: MOST_ROWS } } },
  )
  return (
    <section className="card" aria-labelledby="allotments-title">
      <h2 id="allotments-title">{t('allot.list')}</h2>
      <DataTable
        label={t('allot.list')}
        columns={useColumns()}
        rows={list.data?.items}
        rowKey={({ id }) => id}
        query={list}
        empty={<Empty text={t('allot.empty')} />}
      />
    </section>
  )
}

function useColumns(): Column<Allotment>[] {
  const { t } = useBenefitWords()
  const actorName = useActor()
  return [
    {
      key: 'document',
      title: t('allot.document'),
      cell: ({ document, decidedBy, byTwo, at }) => (
        <span className="two-lines">
          <span>{document}</span>
          <span className="fine">
            {actorName(decidedBy)} {byTwo && t('allot.byTwo')} <Moment at={at} form="date" />
          </span>
        </span>
      ),
    },
    {
      key: 'amount',
      title: t('amount'),
      isNumber: true,
      cell: ({ amountFen }) =>
        amountFen < 0 ? <SignedAmount fen={amountFen} /> : <Amount fen={amountFen} />,
    },
  ]
}
