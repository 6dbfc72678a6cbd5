import { useTranslation } from 'react-i18next'

import type { CatalogueExplanation } from '../../../contract/client.ts'
import { Amount } from '../../web/Amount.tsx'
import { query } from '../api.ts'
import { places } from '../navigation.tsx'
import { FailureBox } from '../parts/FailureBox.tsx'
import { ForWhom } from '../parts/ForWhom.tsx'
import { Icon } from '../parts/Icon.tsx'
import { Waiting } from '../parts/Waiting.tsx'
import { Page } from '../shell/Page.tsx'
import { LineCard } from './LineCard.tsx'
import { reasonText } from './reason-text.ts'

/**
 * 费用为什么: each line of a bill in the insurance's catalogue, in plain words. Always marked as an estimate, as the
 * insurer's own figures win.
 */
export function ExplainPage({ hospitalId, billNo }: { hospitalId: number; billNo: string }) {
  const { t } = useTranslation('payers')
  const { data, error, refetch } = query.useQuery(
    'get',
    '/v1/hospitals/{hospitalId}/catalogue/bills/{billNo}/explanation',
    { params: { path: { hospitalId, billNo } } },
  )
  return (
    <Page title={t('explain.title')} back={places.home}>
      <ForWhom hospitalId={hospitalId} />
      <p className="held-row">
        <Icon name="question" />
        {t('catalogue:estimateNote')}
      </p>
      {error ? <FailureBox error={error} onRetry={() => void refetch()} /> : null}
      {!data && !error && <Waiting rows={6} />}
      {data && <Explained explained={data} />}
    </Page>
  )
}

function Explained({ explained }: { explained: CatalogueExplanation }) {
  const { t } = useTranslation('payers')
  const { lines, estimate, version } = explained
  return (
    <>
      <section className="card" aria-label={t('explain.sum')}>
        <h2>{t('explain.sum')}</h2>
        <Sum explained={explained} />
      </section>
      {estimate && (
        <section className="card" aria-label={t('explain.estimate')}>
          <h2>
            {t('explain.estimate')} <span className="mark">{t('explain.mark')}</span>
          </h2>
          <ol className="explain-steps">
            {estimate.steps.map((step, i) => (
              <li key={`${i} ${step.code}`}>{reasonText(t, 'steps', step)}</li>
            ))}
          </ol>
        </section>
      )}
      <section className="payer" aria-label={t('explain.byLine')}>
        <h2>{t('explain.byLine')}</h2>
        {lines.map((line) => (
          <LineCard key={line.lineNo} line={line} />
        ))}
      </section>
      <p className="fine-print">{t('explain.version', { version })}</p>
    </>
  )
}

const PARTS = ['inScopeFen', 'firstShareFen', 'overLimitFen', 'ownFen'] as const

/** What of the bill may be paid and what not, which adds up to the bill. */
function Sum({ explained: { lines } }: { explained: CatalogueExplanation }) {
  const { t } = useTranslation('payers')
  const sumOf = (part: (typeof PARTS)[number] | 'amountFen') =>
    lines.reduce((sum, line) => sum + line[part], 0)
  return (
    <dl className="why-steps">
      {PARTS.map((part) => ({ part, amountFen: sumOf(part) }))
        .filter(({ part, amountFen }) => amountFen > 0 || part === 'inScopeFen')
        .map(({ part, amountFen }) => (
          <div key={part}>
            <dt>{t(`explain.parts.${part}`)}</dt>
            <dd>
              <Amount fen={amountFen} />
            </dd>
          </div>
        ))}
      <div className="why-result">
        <dt>{t('explain.whole')}</dt>
        <dd>
          <Amount fen={sumOf('amountFen')} />
        </dd>
      </div>
    </dl>
  )
}
