import { useTranslation } from 'react-i18next'

/** A provider, or the hospital's own system, in words; one that has none yet by its name in the interface. */
export function useProviderName(): (provider: string) => string {
  const { t } = useTranslation()
  return (provider) => t([`sources.${provider}`, `common:providers.${provider}`], provider)
}
