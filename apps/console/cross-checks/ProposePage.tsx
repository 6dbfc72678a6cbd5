import { getRouteApi, Link } from '@tanstack/react-router'
import { Button, Skeleton } from 'antd'
import { type FormEvent, useState } from 'react'

import { Fault } from '../list/Fault.tsx'
import { Icon } from '../shell/Icon.tsx'
import { may, useStaff } from '../shell/staff.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { planOf } from './model.ts'
import {
  EMPTY_PLAN,
  type PlanDraft,
  planDraftOf,
  type PlanProblem,
  readPlanDraft,
} from './plan-draft.ts'
import { PlanFields } from './PlanFields.tsx'
import { usePlans, useProposePlan } from './use-cross-checks.ts'
import { useCrossCheckWords } from './words.ts'

const route = getRouteApi('/office/cross-checks/new')

/** A plan to be proposed, from nothing or from another’s terms: those in force are never changed. */
export function ProposePage() {
  const { t } = useCrossCheckWords()
  const staff = useStaff()
  const { from } = route.useSearch()
  const { data, error, refetch } = usePlans()
  usePageTitle(t('propose'))
  const other = data?.items.find(({ id }) => id === from)
  const start = other
    ? planDraftOf(other.name, planOf(other))
    : from === undefined || data
      ? EMPTY_PLAN
      : undefined
  return (
    <div className="page">
      <p className="crumbs">
        <Link to="/cross-checks">{t('title')}</Link> <Icon name="right" />
      </p>
      <header className="page-head">
        <h1>{t('propose')}</h1>
      </header>
      <p className="fine">{t('proposeHint')}</p>
      {error !== null && <Fault error={error} onRetry={() => void refetch()} />}
      {!may(staff, 'reconcile') ? (
        <p className="notice-held">{t('readOnly')}</p>
      ) : start ? (
        <ProposeForm key={from ?? ''} start={start} />
      ) : (
        error === null && <Skeleton active paragraph={{ rows: 8 }} />
      )}
    </div>
  )
}

function ProposeForm({ start }: { start: PlanDraft }) {
  const { t } = useCrossCheckWords()
  const navigate = route.useNavigate()
  const { hospitalId } = useStaff()
  const [draft, setDraft] = useState(start)
  const [problems, setProblems] = useState<readonly PlanProblem[]>([])
  const propose = useProposePlan(hospitalId, {
    words: t('proposed'),
    onDone: () => void navigate({ to: '/cross-checks', search: {} }),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const read = readPlanDraft(draft)
    setProblems(read.problems)
    propose.reset()
    if (read.plan) propose.mutate(read.plan)
  }
  return (
    <form className="card channel-form propose-form" onSubmit={submit} noValidate>
      <PlanFields
        draft={draft}
        problems={problems}
        change={(changes) => setDraft({ ...draft, ...changes })}
      />
      {problems.length > 0 && (
        <ul className="form-problems" role="alert">
          {problems.map((problem) => (
            <li key={problem}>
              {t(`problems.${problem}`)}
              {problem === 'set' && t(`setNeeds.${draft.set}`)}
            </li>
          ))}
        </ul>
      )}
      {propose.error !== null && <Fault error={propose.error} />}
      <p className="fine">{t('second')}</p>
      <Button type="primary" htmlType="submit" loading={propose.isPending}>
        {t('propose')}
      </Button>
    </form>
  )
}
