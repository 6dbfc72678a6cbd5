import { useTranslation } from 'react-i18next'

import { Moment } from '../../web/Moment.tsx'
import { places } from '../navigation.tsx'
import { FailureBox } from '../parts/FailureBox.tsx'
import { Waiting } from '../parts/Waiting.tsx'
import { Page } from '../shell/Page.tsx'
import { MediumCard } from './MediumCard.tsx'
import { useHistory, useMedia } from './use-media.ts'

/** 我的卡证: by what one is known at every hospital of the region, and what happened to each. */
export function MediaPage() {
  const { t } = useTranslation('media')
  const { data, error, refetch } = useMedia()
  const media = data?.kind === 'person' ? data.media : null
  const inUse = media?.filter(({ status }) => status === 'active')
  const others = media?.filter(({ status }) => status !== 'active')
  return (
    <Page title={t('title')} back={places.account}>
      <div className="card">
        <p>{t('intro')}</p>
      </div>
      {error ? <FailureBox error={error} onRetry={() => void refetch()} /> : null}
      {!data && !error && <Waiting rows={5} />}
      {[...(inUse ?? []), ...(others ?? [])].map((medium) => (
        <MediumCard key={medium.id} medium={medium} />
      ))}
      {media && <History />}
    </Page>
  )
}

function History() {
  const { t } = useTranslation('media')
  const { data, error, refetch } = useHistory()
  return (
    <section className="payer" aria-label={t('history')}>
      <h2>{t('history')}</h2>
      {error ? <FailureBox error={error} onRetry={() => void refetch()} /> : null}
      {!data && !error && <Waiting rows={3} />}
      {data?.items.length === 0 && <p className="card note">{t('noHistory')}</p>}
      {data && data.items.length > 0 && (
        <ol className="card rows">
          {data.items.toReversed().map(({ mediumId, kind, masked, event, reason, at }) => (
            <li key={`${mediumId} ${event} ${at}`}>
              {t(`events.${event}`)} · {t(`kinds.${kind}`)} {masked}
              <br />
              <span className="fine-print">
                <Moment at={at} /> · {reason}
              </span>
            </li>
          ))}
        </ol>
      )}
    </section>
  )
}
