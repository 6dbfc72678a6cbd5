import { Skeleton } from 'antd'

import { api } from '../api.ts'
import { Fault } from '../list/Fault.tsx'
import { StatusChip } from '../list/StatusChip.tsx'
import { useStaff } from '../shell/staff.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { ConformanceCard } from './ConformanceCard.tsx'
import { DepartmentsCard } from './DepartmentsCard.tsx'
import { DryRunCard } from './DryRunCard.tsx'
import { GoLiveCard } from './GoLiveCard.tsx'
import { ProbeCard } from './ProbeCard.tsx'
import { ProductCard } from './ProductCard.tsx'
import { useStanding } from './use-onboarding.ts'
import { lastOf, type Standing, type Step, useOnboardingWords } from './words.ts'

/** A hospital's system is connected by what it speaks and its parameters, tried in earnest, and switched on by two people. */
export function OnboardingPage() {
  const { t } = useOnboardingWords()
  const { hospitalId } = useStaff()
  usePageTitle(t('title'))
  const standing = useStanding(hospitalId)
  const products = api.query.useQuery('get', '/v1/hospitals/{hospitalId}/onboarding/products', {
    params: { path: { hospitalId } },
  })
  const error = standing.error ?? products.error
  const refetch = () => void (standing.error === null ? products : standing).refetch()
  const { data } = standing
  return (
    <div className="page">
      <header className="page-head">
        <h1>{t('title')}</h1>
        <p className="fine on-wide-only">{t('hint')}</p>
      </header>
      {error !== null && <Fault error={error} onRetry={refetch} />}
      {(!data || !products.data) && error === null && <Skeleton active paragraph={{ rows: 8 }} />}
      {data && products.data && (
        <>
          {data.draft && <Steps standing={data} />}
          <ProductCard
            key={data.draft?.version ?? 0}
            draft={data.draft}
            products={products.data.items}
          />
          {data.draft && (
            <>
              <ProbeCard draft={data.draft} step={lastOf(data.steps, 'probe')} />
              <DepartmentsCard
                draft={data.draft}
                isProbed={lastOf(data.steps, 'probe') !== undefined}
              />
              <DryRunCard draft={data.draft} step={lastOf(data.steps, 'dry_run')} />
              <ConformanceCard
                draft={data.draft}
                step={lastOf(data.steps, 'conformance')}
                running={data.running}
              />
              <GoLiveCard draft={data.draft} standing={data} />
            </>
          )}
        </>
      )}
    </div>
  )
}

const KINDS = ['probe', 'dry_run', 'conformance', 'put_forward', 'live'] as const

/** How far this version has come. */
function Steps({ standing: { draft, steps } }: { standing: Standing }) {
  const { t } = useOnboardingWords()
  return (
    <ol className="stages" aria-label={t('steps')}>
      <li>{t('version', { version: draft?.version ?? 0 })}</li>
      {KINDS.map((kind) => (
        <li key={kind}>
          <StatusChip {...lookOf(lastOf(steps, kind))} text={t(`kinds.${kind}`)} />
        </li>
      ))}
    </ol>
  )
}

function lookOf(step: Step | undefined) {
  if (!step) return { tone: 'plain', icon: 'clock' } as const
  return step.isGood
    ? ({ tone: 'good', icon: 'check' } as const)
    : ({ tone: 'bad', icon: 'cross' } as const)
}
