import { Link } from '@tanstack/react-router'

import { api } from '../api.ts'
import { may, useStaff } from '../shell/staff.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import type { Decide } from '../terms/TermsDialog.tsx'
import { TermsTable } from '../terms/TermsTable.tsx'
import { useTermsWords } from '../terms/words.ts'
import type { Template } from './model.ts'
import { templateFacts } from './template-draft.ts'
import { useDecideTerms } from './use-vouchers.ts'
import { VoucherTabs } from './VoucherTabs.tsx'
import { useVoucherWords } from './words.ts'

/** Which subjects the books of the hub are in the hospital's own: the standard's until two agree on another. */
export function TemplatesPage() {
  const { t } = useVoucherWords()
  const { t: termsWord } = useTermsWords()
  const staff = useStaff()
  const path = { hospitalId: staff.hospitalId }
  usePageTitle(t('tabs.templates'))
  const list = api.query.useQuery('get', '/v1/hospitals/{hospitalId}/accounting/terms', {
    params: { path, query: { kind: 'template' } },
  })
  const { data: standard } = api.query.useQuery(
    'get',
    '/v1/hospitals/{hospitalId}/accounting/standard-terms',
    { params: { path } },
  )
  const isKeeper = may(staff, 'reconcile')
  const factsOf = (template: Template) => templateFacts(template, t)
  return (
    <div className="page bank-list settlement-page">
      <header className="page-head">
        <h1>{t('tabs.templates')}</h1>
        {isKeeper && (
          <Link className="button-link" to="/vouchers/templates/new">
            {t('templates.propose')}
          </Link>
        )}
      </header>
      <VoucherTabs at="templates" />
      <p className="fine">{t('templates.hint')}</p>
      <TermsTable
        label={t('tabs.templates')}
        empty={t('templates.empty')}
        rows={list.data?.items}
        query={list}
        nameOf={() => t('templates.one')}
        factsOf={({ content }) => factsOf(content as Template)}
        standardFactsOf={() => (standard ? factsOf(standard.template) : null)}
        useDecide={useDecideAccountingTerms}
        again={({ id }) =>
          isKeeper && (
            <Link to="/vouchers/templates/new" search={{ from: id }}>
              {termsWord('again')}
            </Link>
          )
        }
      />
      {standard && <StandardCard template={standard.template} />}
    </div>
  )
}

export const useDecideAccountingTerms: Decide = (onDone) => {
  const { t } = useTermsWords()
  const { hospitalId } = useStaff()
  return useDecideTerms(hospitalId, { words: t('decided'), onDone })
}

function StandardCard({ template }: { template: Template }) {
  const { t } = useVoucherWords()
  return (
    <section className="card" aria-labelledby="standard-title">
      <h2 id="standard-title">{t('templates.standard')}</h2>
      <p className="fine">{t('templates.standardHint')}</p>
      <details>
        <summary>{t('templates.open')}</summary>
        <dl className="bank-facts terms-facts">
          {templateFacts(template, t).map(({ name, value }) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </details>
    </section>
  )
}
