import { Skeleton } from 'antd'

import { Empty } from '../list/Empty.tsx'
import { Fault } from '../list/Fault.tsx'
import { DifferenceDetail } from './DifferenceDetail.tsx'
import type { Plan } from './model.ts'
import { useDifferencesOfCase } from './use-cross-checks.ts'
import { useCrossCheckWords } from './words.ts'

type OfCaseProps = {
  runId: string
  plan: Plan | undefined
  found: { relation: string; kind: string; number: string }
}

/** What a case is about, as the newest comparison shows it: before all else, as that is what one came for. */
export function OfCase({ runId, plan, found }: OfCaseProps) {
  const { t } = useCrossCheckWords()
  const { data, error, refetch } = useDifferencesOfCase(runId, found)
  return (
    <section className="card list" aria-labelledby="of-case-title">
      <h2 id="of-case-title">{t('differences.ofCase')}</h2>
      {error !== null && <Fault error={error} onRetry={() => void refetch()} />}
      {!data && error === null && <Skeleton active paragraph={{ rows: 4 }} />}
      {data?.length === 0 && <Empty text={t('differences.caseGone')} />}
      {data?.map((difference) => (
        <DifferenceDetail key={difference.no} difference={difference} plan={plan} />
      ))}
    </section>
  )
}
