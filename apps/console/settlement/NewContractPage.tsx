import { getRouteApi, Link } from '@tanstack/react-router'
import { Button, Skeleton } from 'antd'
import { type FormEvent, useState } from 'react'

import { api } from '../api.ts'
import { Fault } from '../list/Fault.tsx'
import { Icon } from '../shell/Icon.tsx'
import { may, useStaff } from '../shell/staff.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
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
  usePageTitle(t('contracts.propose'))
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
    <div className="page">
      <p className="crumbs">
        <Link to="/settlement/contracts">{t('tabs.contracts')}</Link> <Icon name="right" />
      </p>
      <header className="page-head">
        <h1>{t('contracts.propose')}</h1>
      </header>
      <p className="fine">{t('contracts.proposeHint')}</p>
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

function ProposeForm({ start }: { start: ContractDraft }) {
  const { t } = useSettlementWords()
  const navigate = route.useNavigate()
  const { hospitalId } = useStaff()
  const [draft, setDraft] = useState(start)
  const [problems, setProblems] = useState<readonly ContractProblem[]>([])
  const propose = useProposeTerms(hospitalId, {
    words: t('contracts.done'),
    onDone: () => void navigate({ to: '/settlement/contracts', search: {} }),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const read = readContractDraft(draft)
    setProblems(read.problems)
    propose.reset()
    if (read.contract) propose.mutate(read.contract)
  }
  return (
    <form className="card channel-form propose-form" onSubmit={submit} noValidate>
      <ContractFields
        draft={draft}
        problems={problems}
        change={(changes) => setDraft({ ...draft, ...changes })}
      />
      {problems.length > 0 && (
        <ul className="form-problems" role="alert">
          {problems.map((field) => (
            <li key={field}>{t(`contracts.problems.${field}`)}</li>
          ))}
        </ul>
      )}
      {propose.error !== null && <Fault error={propose.error} />}
      <p className="fine">{t('contracts.second')}</p>
      <Button type="primary" htmlType="submit" loading={propose.isPending}>
        {t('contracts.propose')}
      </Button>
    </form>
  )
}
