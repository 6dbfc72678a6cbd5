import { Link } from '@tanstack/react-router'

import { api } from '../api.ts'
import { may, useStaff } from '../shell/staff.ts'
import { useProviderName } from '../shell/use-names.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import type { Decide } from '../terms/TermsDialog.tsx'
import { TermsTable } from '../terms/TermsTable.tsx'
import { useTermsWords } from '../terms/words.ts'
import { useContractFacts } from './contract-facts.ts'
import type { Contract } from './model.ts'
import { SettlementTabs } from './SettlementTabs.tsx'
import { useDecideTerms } from './use-settlement.ts'
import { useSettlementWords } from './words.ts'

/** What was agreed on with each provider: proposed by one person, agreed to by another. */
export function ContractsPage() {
  const { t } = useSettlementWords()
  const { t: termsWord } = useTermsWords()
  const staff = useStaff()
  const nameOf = useProviderName()
  const factsOf = useContractFacts()
  usePageTitle(t('tabs.contracts'))
  const list = api.query.useQuery('get', '/v1/hospitals/{hospitalId}/settlement/terms', {
    params: { path: { hospitalId: staff.hospitalId }, query: { kind: 'contract' } },
  })
  const isKeeper = may(staff, 'reconcile')
  return (
    <div className="page page-list bank-list settlement-page">
      <header className="page-head">
        <h1>{t('tabs.contracts')}</h1>
        {isKeeper && (
          <Link className="button-link" to="/settlement/contracts/new">
            {t('contracts.propose')}
          </Link>
        )}
      </header>
      <SettlementTabs at="contracts" />
      <p className="fine">{t('contracts.hint')}</p>
      <TermsTable
        label={t('tabs.contracts')}
        empty={t('contracts.empty')}
        rows={list.data?.items}
        query={list}
        nameOf={({ name }) => nameOf(name)}
        factsOf={({ content }) => factsOf(content as Contract)}
        useDecide={useDecideContract}
        again={({ id }) =>
          isKeeper && (
            <Link to="/settlement/contracts/new" search={{ from: id }}>
              {termsWord('again')}
            </Link>
          )
        }
      />
    </div>
  )
}

export const useDecideContract: Decide = (onDone) => {
  const { t } = useTermsWords()
  const { hospitalId } = useStaff()
  return useDecideTerms(hospitalId, { words: t('decided'), onDone })
}
