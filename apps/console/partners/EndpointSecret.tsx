import { Button } from 'antd'
import { useTranslation } from 'react-i18next'

import { Moment } from '../../web/Moment.tsx'
import { CopyText } from '../list/CopyText.tsx'
import { Icon } from '../shell/Icon.tsx'

type EndpointSecretProps = { secret: string; earlierUntil: string | null; onDone: () => void }

/** The one time that a signing secret is seen: whoever looks hands it over to the application's makers. */
export function EndpointSecret({ secret, earlierUntil, onDone }: EndpointSecretProps) {
  const { t } = useTranslation()
  return (
    <div className="partner-form">
      <p className="partner-warning" role="alert">
        <Icon name="alert" />
        {t('partners.secret.once')}
      </p>
      <dl className="facts">
        <div>
          <dt>{t('partners.endpoint.secret')}</dt>
          <dd className="partner-secret">
            <CopyText text={secret} />
          </dd>
        </div>
        {earlierUntil !== null && (
          <div>
            <dt>{t('partners.endpoint.earlierUntil')}</dt>
            <dd>
              <Moment at={earlierUntil} form="exact" />
            </dd>
          </div>
        )}
      </dl>
      <p className="fine">{t('partners.endpoint.secretHint')}</p>
      <footer className="partner-foot">
        <Button type="primary" onClick={onDone}>
          {t('partners.secret.saved')}
        </Button>
      </footer>
    </div>
  )
}

export type NewSecret = { secret: string; earlierUntil: string | null }
