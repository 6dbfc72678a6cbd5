import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { places } from '../navigation.tsx'
import { Page } from '../shell/Page.tsx'
import { DrugSearch } from './DrugSearch.tsx'
import { InstitutionSearch } from './InstitutionSearch.tsx'

const KINDS = ['hospital', 'pharmacy', 'agency', 'drug'] as const
type Kind = (typeof KINDS)[number]

/** 查医院·药店·药品: what the medical insurance of any region has designated, and what it covers. */
export function LookUpPage() {
  const { t } = useTranslation('lookUp')
  const [kind, setKind] = useState<Kind>('hospital')
  return (
    <Page title={t('title')} back={places.account}>
      <div className="look-up-kinds" role="group" aria-label={t('what')}>
        {KINDS.map((one) => (
          <button
            key={one}
            type="button"
            className="button"
            aria-pressed={one === kind}
            onClick={() => setKind(one)}
          >
            {t(`kinds.${one}`)}
          </button>
        ))}
      </div>
      {kind === 'drug' ? <DrugSearch /> : <InstitutionSearch key={kind} kind={kind} />}
    </Page>
  )
}
