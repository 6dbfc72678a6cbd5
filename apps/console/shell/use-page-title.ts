import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'

/** The title of the browser's tab, so that ten open payments can be told apart. */
export function usePageTitle(title: string): void {
  const { t } = useTranslation()
  useEffect(() => {
    document.title = `${title} · ${t('common:product')}`
  }, [title, t])
}
