import { getRouteApi, Link } from '@tanstack/react-router'
import { Skeleton } from 'antd'

import { Moment } from '../../web/Moment.tsx'
import { Empty } from '../list/Empty.tsx'
import { Fault } from '../list/Fault.tsx'
import { StatusChip } from '../list/StatusChip.tsx'
import { useBusinessDate } from '../shell/DatePicker.tsx'
import { Icon } from '../shell/Icon.tsx'
import { usePageTitle } from '../shell/use-page-title.ts'
import { ClassTiles } from './ClassTiles.tsx'
import { ClosureCard } from './ClosureCard.tsx'
import { DifferencesCard } from './DifferencesCard.tsx'
import { type CrossCheck, placeOf, type Plan, planOn, type Run, stateOf } from './model.ts'
import { OfCase } from './OfCase.tsx'
import { RerunButton } from './RerunButton.tsx'
import { RulesCard } from './RulesCard.tsx'
import { SidesCard } from './SidesCard.tsx'
import { useCrossChecks, useOpenCases, usePlans, useRun } from './use-cross-checks.ts'
import { LOOK_OF_STATE, useCrossCheckWords, useWhy } from './words.ts'

const route = getRouteApi('/office/cross-checks/run')

/** One date of a plan: what matched by which rule, why theirs is not ours, and what differs. */
export function RunPage() {
  const { t } = useCrossCheckWords()
  const { plan: name = '' } = route.useSearch()
  const date = useBusinessDate()
  const checks = useCrossChecks(date, date)
  const plans = usePlans()
  const check = checks.data?.items.find((one) => one.name === name)
  const run = useRun(check?.runId)
  const plan = planOn(name, plans.data?.items ?? [], date)
  const failed = [checks, plans, run].find(({ error }) => error !== null)
  const isKnown = checks.data !== undefined && plans.data !== undefined
  usePageTitle(`${t('title')} ${name} ${date}`)
  return (
    <div className="page cross-checks">
      <p className="crumbs">
        <Link to="/cross-checks">{t('title')}</Link> <Icon name="right" />
      </p>
      {failed && <Fault error={failed.error} onRetry={() => void failed.refetch()} />}
      {!isKnown && !failed && <Skeleton active paragraph={{ rows: 10 }} />}
      {isKnown && (
        <>
          <Head name={name} date={date} check={check} run={run.data} isPlanned={Boolean(plan)} />
          {!check?.runId && (
            <div className="card">
              <Empty text={plan || check ? t('run.none') : t('run.noPlan', { name })} />
            </div>
          )}
          {check?.runId && !run.data && run.error === null && (
            <Skeleton active paragraph={{ rows: 10 }} />
          )}
          {run.data && <Result name={name} run={run.data} plan={plan} />}
        </>
      )}
    </div>
  )
}

type HeadProps = {
  name: string
  date: string
  check: CrossCheck | undefined
  run: Run | undefined
  isPlanned: boolean
}

function Head({ name, date, check, run, isPlanned }: HeadProps) {
  const { t } = useCrossCheckWords()
  const why = useWhy()
  const cases = useOpenCases(check?.updatedAt)
  const openCases = cases.data?.get(placeOf(name, date)) ?? 0
  const state = stateOf(check, openCases)
  const reason = check ? why(check) : ''
  return (
    <header className="object-head">
      <div>
        <h1>
          {name} <time>{date}</time>{' '}
          <StatusChip {...LOOK_OF_STATE[state]} text={t(`states.${state}`, { count: openCases })} />
        </h1>
        <ul className="object-facts">
          {reason !== '' && <li>{reason}</li>}
          {check?.runId && check.status !== 'complete' && <li>{t('run.old')}</li>}
          {run?.completedAt && (
            <li>
              {t('run.comparedAt')} <Moment at={run.completedAt} form="exact" />
            </li>
          )}
          {run?.digest && (
            <li>
              {t('run.digest')}{' '}
              <code title={run.digest}>{run.digest.slice(0, DIGEST_LETTERS)}</code>
            </li>
          )}
          {run && run.carried > 0 && <li>{t('run.carried', { count: run.carried })}</li>}
          {openCases > 0 && (
            <li>
              <Link to="/cases" search={{ class: 'cross_check' }}>
                {t('run.openCases')}
              </Link>
            </li>
          )}
        </ul>
      </div>
      {isPlanned && <RerunButton name={name} date={date} isFirst={!check?.runId} />}
    </header>
  )
}

const DIGEST_LETTERS = 12

function Result({ name, run, plan }: { name: string; run: Run; plan: Plan | undefined }) {
  const { relation, kind, number, ...search } = route.useSearch()
  const date = useBusinessDate()
  const found = relation && kind && number ? { relation, kind, number } : null
  const chosen = run.classes.find((each) => each.class === search.class)
  return (
    <>
      {found && <OfCase runId={run.runId} plan={plan} found={found} />}
      <ClassTiles name={name} date={date} classes={run.classes} chosen={chosen?.class} />
      {chosen && (
        <DifferencesCard
          key={chosen.class}
          of={{ name, date }}
          runId={run.runId}
          plan={plan}
          chosen={chosen}
          open={search.no}
          after={search.after}
        />
      )}
      <ClosureCard closures={run.closures} plan={plan} />
      <div className="check-cards">
        <SidesCard closures={run.closures} plan={plan} />
        <RulesCard rules={run.rules} plan={plan} />
      </div>
    </>
  )
}
