import { Link } from '@tanstack/react-router'

import { api } from '../api.ts'
import { may, useStaff } from '../shell/staff.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import type { Terms, TermsFact } from '../terms/model.ts'
import { TermsTable } from '../terms/TermsTable.tsx'
import { useTermsWords } from '../terms/words.ts'
import { layoutFacts } from './layout-draft.ts'
import type { Layout } from './model.ts'
import { useDecideAccountingTerms } from './TemplatesPage.tsx'
import { VoucherTabs } from './VoucherTabs.tsx'
import { useLayoutName, useVoucherWords } from './words.ts'

/** How files for accounting systems are laid out: those that stand anyway, and the hospital's own. */
export function LayoutsPage() {
  const { t } = useVoucherWords()
  const { t: termsWord } = useTermsWords()
  const staff = useStaff()
  const layoutName = useLayoutName()
  const path = { hospitalId: staff.hospitalId }
  usePageTitle(t('tabs.layouts'))
  const list = api.query.useQuery('get', '/v1/hospitals/{hospitalId}/accounting/terms', {
    params: { path, query: { kind: 'layout' } },
  })
  const { data: standard } = api.query.useQuery(
    'get',
    '/v1/hospitals/{hospitalId}/accounting/standard-terms',
    { params: { path } },
  )
  const isKeeper = may(staff, 'reconcile')
  const factsOf = ({ content }: Pick<Terms, 'content'>) => layoutFacts(content as Layout, t)
  const standardOf = (name: string) => standard?.layouts.find((one) => one.name === name)
  return (
    <div className="page bank-list settlement-page">
      <header className="page-head">
        <h1>{t('tabs.layouts')}</h1>
      </header>
      <VoucherTabs at="layouts" />
      <p className="fine">{t('layouts.hint')}</p>
      <TermsTable
        label={t('tabs.layouts')}
        empty={t('layouts.empty')}
        rows={list.data?.items}
        query={list}
        nameOf={({ name }) => layoutName(name)}
        factsOf={factsOf}
        standardFactsOf={({ name }) => {
          const one = standardOf(name)
          return one ? factsOf(one) : null
        }}
        useDecide={useDecideAccountingTerms}
        again={({ id }) =>
          isKeeper && (
            <Link to="/vouchers/layouts/new" search={{ from: id }}>
              {termsWord('again')}
            </Link>
          )
        }
      />
      {standard?.layouts.map((layout) => (
        <StandardCard key={layout.name} layout={layout} facts={factsOf(layout)} />
      ))}
    </div>
  )
}

type StandardCardProps = { layout: { name: string }; facts: readonly TermsFact[] }

/** A layout that stands anyway, to begin one's own with. */
function StandardCard({ layout: { name }, facts }: StandardCardProps) {
  const { t } = useVoucherWords()
  const staff = useStaff()
  const layoutName = useLayoutName()
  return (
    <section className="card" aria-label={layoutName(name)}>
      <div className="card-head">
        <h2>{layoutName(name)}</h2>
        {may(staff, 'reconcile') && (
          <Link to="/vouchers/layouts/new" search={{ from: name }}>
            {t('layouts.propose')}
          </Link>
        )}
      </div>
      <p className="fine">{t('layouts.uncertain')}</p>
      <details>
        <summary>{t('layouts.open')}</summary>
        <dl className="bank-facts terms-facts">
          {facts.map((fact) => (
            <div key={fact.name}>
              <dt>{fact.name}</dt>
              <dd>{fact.value}</dd>
            </div>
          ))}
        </dl>
      </details>
    </section>
  )
}
