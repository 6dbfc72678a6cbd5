import { Amount } from '../../web/Amount.tsx'
import { type Column, DataTable } from '../list/DataTable.tsx'
import { Empty } from '../list/Empty.tsx'
import { sumFen } from '../list/sums.ts'
import type { Plan, Run } from './model.ts'
import { useCrossCheckWords, useRuleName } from './words.ts'

type Rule = Run['rules'][number]

const READY = { isPending: false, error: null, isFetching: false, refetch: () => undefined }

/** By which rule how many rows of all sides were found to be the same, the strongest rule first. */
export function RulesCard({ rules, plan }: { rules: readonly Rule[]; plan: Plan | undefined }) {
  const { t } = useCrossCheckWords()
  const ruleName = useRuleName(plan)
  const matches = rules.reduce((sum, each) => sum + each.matches, 0)
  const columns: Column<Rule>[] = [
    {
      key: 'rule',
      title: t('run.rule'),
      sum: t('run.allMatched'),
      cell: (rule) => (
        <span className="two-lines">
          {ruleName(rule)}
          <code className="fine">{`${rule.relation} · ${rule.rule}`}</code>
        </span>
      ),
    },
    {
      key: 'matches',
      title: t('run.matches'),
      isNumber: true,
      sum: t('console:count', { count: matches }),
      cell: ({ matches: count }) => t('console:count', { count }),
    },
    {
      key: 'amount',
      title: t('run.amount'),
      isNumber: true,
      sum: <Amount fen={sumFen(rules, ({ amountFen }) => amountFen)} />,
      cell: ({ amountFen }) => <Amount fen={amountFen} />,
    },
  ]
  return (
    <section className="card" aria-labelledby="run-rules-title">
      <h2 id="run-rules-title">{t('run.rules')}</h2>
      <DataTable
        label={t('run.rules')}
        columns={columns}
        rows={rules}
        rowKey={(rule) => String(rules.indexOf(rule))}
        query={READY}
        empty={<Empty text={t('run.noMatches')} />}
      />
    </section>
  )
}
