import { Amount } from '../../web/Amount.tsx'
import { type Column, DataTable } from '../list/DataTable.tsx'
import { Empty } from '../list/Empty.tsx'
import type { Closure, Plan } from './model.ts'
import { type SideTotal, totalsOf } from './side-by-side.ts'
import { useCrossCheckWords, useSideName } from './words.ts'

const READY = { isPending: false, error: null, isFetching: false, refetch: () => undefined }

/** What each side has, by kind, as its rows were read. */
export function SidesCard({
  closures,
  plan,
}: {
  closures: readonly Closure[]
  plan: Plan | undefined
}) {
  const { t } = useCrossCheckWords()
  const sideName = useSideName(plan)
  const columns: Column<SideTotal>[] = [
    {
      key: 'side',
      title: t('run.side'),
      cell: ({ side }) => (
        <span className="two-lines">
          {sideName(side)}
          {plan?.inputs[side] && (
            <span className="fine">{t(`froms.${plan.inputs[side].from}`)}</span>
          )}
        </span>
      ),
    },
    { key: 'kind', title: t('differences.kind'), cell: ({ kind }) => t(`kinds.${kind}`) },
    {
      key: 'lines',
      title: t('run.lines'),
      isNumber: true,
      cell: ({ lines }) => t('console:count', { count: lines }),
    },
    {
      key: 'amount',
      title: t('run.amount'),
      isNumber: true,
      cell: ({ amountFen }) => <Amount fen={amountFen} />,
    },
  ]
  return (
    <section className="card" aria-labelledby="run-sides-title">
      <h2 id="run-sides-title">{t('run.sides')}</h2>
      <DataTable
        label={t('run.sides')}
        columns={columns}
        rows={totalsOf(closures)}
        rowKey={({ side, kind }) => `${side} ${kind}`}
        query={READY}
        empty={<Empty text={t('run.noMatches')} />}
      />
    </section>
  )
}
