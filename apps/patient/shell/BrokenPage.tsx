import { useTranslation } from 'react-i18next'

import { Icon } from '../parts/Icon.tsx'

/** The page itself is at fault. Nothing about money is said, as nothing is known: reloading asks anew. */
export function BrokenPage() {
  const { t } = useTranslation()
  return (
    <main className="page page-main">
      <div className="blank" role="alert">
        <Icon name="question" />
        <h1>{t('broken.title')}</h1>
        <p>{t('broken.words')}</p>
        <button
          type="button"
          className="button button-primary"
          onClick={() => window.location.reload()}
        >
          {t('broken.reload')}
        </button>
      </div>
    </main>
  )
}
