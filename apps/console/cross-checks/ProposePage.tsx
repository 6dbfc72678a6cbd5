import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'

import { may, useStaff } from '../shell/staff.ts'
import { ProposeForm, ProposeFrame } from '../terms/Propose.tsx'
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
  const other = data?.items.find(({ id }) => id === from)
  const start = other
    ? planDraftOf(other.name, planOf(other))
    : from === undefined || data
      ? EMPTY_PLAN
      : undefined
  return (
    <ProposeFrame
      title={t('propose')}
      hint={t('proposeHint')}
      back={{ to: '/cross-checks', text: t('title') }}
      readOnly={may(staff, 'reconcile') ? null : t('readOnly')}
      query={{ error, refetch }}
    >
      {start ? <PlanForm key={from ?? ''} start={start} /> : null}
    </ProposeFrame>
  )
}

function PlanForm({ start }: { start: PlanDraft }) {
  const { t } = useCrossCheckWords()
  const navigate = route.useNavigate()
  const { hospitalId } = useStaff()
  const [draft, setDraft] = useState(start)
  const [problems, setProblems] = useState<readonly PlanProblem[]>([])
  const propose = useProposePlan(hospitalId, {
    words: t('proposed'),
    onDone: () => void navigate({ to: '/cross-checks', search: {} }),
  })
  const submit = () => {
    const read = readPlanDraft(draft)
    setProblems(read.problems)
    if (read.plan) propose.mutate(read.plan)
  }
  return (
    <ProposeForm
      problems={problems.map(
        (problem) =>
          t(`problems.${problem}`) + (problem === 'set' ? t(`setNeeds.${draft.set}`) : ''),
      )}
      propose={propose}
      second={t('second')}
      button={t('propose')}
      onSubmit={submit}
    >
      <PlanFields
        draft={draft}
        problems={problems}
        change={(changes) => setDraft({ ...draft, ...changes })}
      />
    </ProposeForm>
  )
}
