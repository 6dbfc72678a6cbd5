import { Skeleton } from 'antd'

import { Amount } from '../../web/Amount.tsx'
import { api } from '../api.ts'
import { Fault } from '../list/Fault.tsx'
import { StatusChip } from '../list/StatusChip.tsx'
import { useStaff } from '../shell/staff.ts'
import type { TrialBalance } from './model.ts'
import { useLedgerWords } from './words.ts'

/** 试算平衡: whether debits and credits of all accounts come to the same, in what moved and in what stands. */
export function TrialBalanceCard({ date }: { date: string | null }) {
  const { t } = useLedgerWords()
  const { hospitalId } = useStaff()
  const trial = api.query.useQuery('get', '/v1/hospitals/{hospitalId}/ledger/trial-balance', {
    params: { path: { hospitalId }, query: date === null ? {} : { date } },
  })
  const { data, error } = trial
  return (
    <section
      className="card ledger-trial"
      aria-labelledby="trial-title"
      aria-busy={trial.isFetching}
    >
      <div className="card-head">
        <h2 id="trial-title">{t('trial.title')}</h2>
        <span className="fine">
          {date === null ? t('asOf.now') : t('asOf.date', { date })}
          {data && ` · ${t('trial.accounts', { count: data.accounts })}`}
        </span>
        {data && (
          <StatusChip
            tone={data.isBalanced ? 'good' : 'bad'}
            icon={data.isBalanced ? 'check' : 'alert'}
            text={t(data.isBalanced ? 'trial.balanced' : 'trial.unbalanced')}
          />
        )}
      </div>
      {error !== null && <Fault error={error} onRetry={() => void trial.refetch()} />}
      {!data && error === null && <Skeleton active paragraph={{ rows: 1 }} />}
      {data && <TrialSums trial={data} />}
    </section>
  )
}

const SUMS = [
  { name: 'moved', debit: 'debitFen', credit: 'creditFen' },
  { name: 'standing', debit: 'debitBalanceFen', credit: 'creditBalanceFen' },
] as const

function TrialSums({ trial }: { trial: TrialBalance }) {
  const { t } = useLedgerWords()
  return (
    <dl className="ledger-sums">
      {SUMS.map(({ name, debit, credit }) => (
        <div key={name}>
          <dt>{t(`trial.${name}`)}</dt>
          <dd>
            <span className="fine">{t('trial.debit')}</span> <Amount fen={trial[debit]} />
          </dd>
          <dd>
            <span className="fine">{t('trial.credit')}</span> <Amount fen={trial[credit]} />
          </dd>
        </div>
      ))}
    </dl>
  )
}
