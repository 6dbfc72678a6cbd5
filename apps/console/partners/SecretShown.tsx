import { Button } from 'antd'
import { useTranslation } from 'react-i18next'

import { Moment } from '../../web/Moment.tsx'
import { CopyText } from '../list/CopyText.tsx'
import { Icon } from '../shell/Icon.tsx'
import type { NewSecret } from './model.ts'

type SecretShownProps = { clientId: string; secret: NewSecret; onDone: () => void }

/** The one time that a secret is seen: it leaves the page with this dialog, and nobody can bring it back. */
export function SecretShown({ clientId, secret, onDone }: SecretShownProps) {
  const { t } = useTranslation()
  const { clientSecret, expiresAt } = secret
  return (
    <div className="partner-form">
      <p className="partner-warning" role="alert">
        <Icon name="alert" />
        {t('partners.secret.once')}
      </p>
      <dl className="facts">
        <div>
          <dt>{t('partners.clientId')}</dt>
          <dd>
            <CopyText text={clientId} />
          </dd>
        </div>
        <div>
          <dt>{t('partners.secret.name')}</dt>
          <dd className="partner-secret">
            <CopyText text={clientSecret} />
          </dd>
        </div>
        <div>
          <dt>{t('partners.secret.expiresAt')}</dt>
          <dd>
            <Moment at={expiresAt} form="exact" />
          </dd>
        </div>
      </dl>
      <h3>{t('partners.secret.tryIt')}</h3>
      <pre className="partner-code" tabIndex={0}>
        {tokenCommand(clientId, clientSecret)}
      </pre>
      <footer className="partner-foot">
        <Button type="primary" onClick={onDone}>
          {t('partners.secret.saved')}
        </Button>
      </footer>
    </div>
  )
}

const tokenCommand = (clientId: string, clientSecret: string) =>
  [
    `curl ${window.location.origin}/v1/oauth/token \\`,
    '  -d grant_type=client_credentials \\',
    `  -d client_id=${clientId} \\`,
    `  -d client_secret=${clientSecret}`,
  ].join('\n')
