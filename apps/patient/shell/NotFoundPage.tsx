import { useTranslation } from 'react-i18next'

import { Go, places } from '../navigation.tsx'
import { Icon } from '../parts/Icon.tsx'
import { Page } from './Page.tsx'

export function NotFoundPage() {
  const { t } = useTranslation()
  return (
    <Page title={t('notFound.title')} back={places.home}>
      <div className="blank">
        <Icon name="question" />
        <p>{t('notFound.words')}</p>
        <Go place={places.home} className="button button-primary">
          {t('goHome')}
        </Go>
      </div>
    </Page>
  )
}
