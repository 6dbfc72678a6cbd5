import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'

import { api } from '../api.ts'
import { may, useStaff } from '../shell/staff.ts'
import { ProposeForm, ProposeFrame } from '../terms/Propose.tsx'
import {
  type ContractDraft,
  contractDraftOf,
  type ContractProblem,
  EMPTY_CONTRACT,
  readContractDraft,
} from './contract-draft.ts'
import { ContractFields } from './ContractFields.tsx'
import type { Contract } from './model.ts'
import { useProposeTerms } from './use-settlement.ts'
import { useSettlementWords } from './words.ts'

const route = getRouteApi('/office/settlement/contracts/new')

/** A contract to be proposed, from nothing or from another's terms: those in force are never changed. */
export function NewContractPage() {
  const { t } = useSettlementWords()
  const staff = useStaff()
  const { from, provider } = route.useSearch()
  const { data, error, refetch } = api.query.useQuery(
    'get',
    '/v1/hospitals/{hospitalId}/settlement/terms',
    { params: { path: { hospitalId: staff.hospitalId }, query: { kind: 'contract' } } },
    { enabled: from !== undefined },
  )
  const other = data?.items.find(({ id }) => id === from)
  const start =
    other !== undefined
      ? contractDraftOf(other.name, other.content as Contract)
      : from === undefined || data
        ? { ...EMPTY_CONTRACT, provider: provider ?? '' }
        : undefined
  return (
    <ProposeFrame
      title={t('contracts.propose')}
      hint={t('contracts.proposeHint')}
      back={{ to: '/settlement/contracts', text: t('tabs.contracts') }}
      readOnly={may(staff, 'reconcile') ? null : t('readOnly')}
      query={{ error, refetch }}
    >
      {start ? <ContractForm key={from ?? ''} start={start} /> : null}
    </ProposeFrame>
  )
}

function ContractForm({ start }: { start: ContractDraft }) {
  const { t } = useSettlementWords()
  const navigate = route.useNavigate()
  const { hospitalId } = useStaff()
  const [draft, setDraft] = useState(start)
  const [problems, setProblems] = useState<readonly ContractProblem[]>([])
  const propose = useProposeTerms(hospitalId, {
    words: t('contracts.done'),
    onDone: () => void navigate({ to: '/settlement/contracts', search: {} }),
  })
  const submit = () => {
    const read = readContractDraft(draft)
    setProblems(read.problems)
    if (read.contract) propose.mutate(read.contract)
  }
  return (
    <ProposeForm
      problems={problems.map((field) => t(`contracts.problems.${field}`))}
      propose={propose}
      second={t('contracts.second')}
      button={t('contracts.propose')}
      onSubmit={submit}
    >
      <ContractFields
        draft={draft}
        problems={problems}
        change={(changes) => setDraft({ ...draft, ...changes })}
      />
    </ProposeForm>
  )
}
