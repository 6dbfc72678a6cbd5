import { useTranslation } from 'react-i18next'

import { Fault } from '../list/Fault.tsx'
import { useChannelName } from './use-channels.ts'

type ChannelFaultProps = { error: unknown; onRetry?: () => void }

/** A refusal of the hub that names channels, tiers or fields by their codes, with these in words. */
export function ChannelFault({ error, onRetry }: ChannelFaultProps) {
  const { t } = useTranslation()
  const channelName = useChannelName()
  const words: Record<string, (value: string) => string> = {
    channel: channelName,
    tier: (tier) => t(`channels.tiers.${tier}`, { defaultValue: tier }),
    field: (field) => t(`channels.fields.${field}`, { defaultValue: field }),
    problem: (problem) => t(`channels.problems.${problem}`, { defaultValue: problem }),
  }
  const told = hasParams(error)
    ? {
        ...error,
        params: Object.fromEntries(
          Object.entries(error.params).map(([name, value]) => [
            name,
            words[name]?.(String(value)) ?? value,
          ]),
        ),
      }
    : error
  return <Fault error={told} {...(onRetry ? { onRetry } : {})} />
}

const hasParams = (error: unknown): error is { params: Record<string, unknown> } =>
  typeof error === 'object' &&
  error !== null &&
  'params' in error &&
  typeof error.params === 'object' &&
  error.params !== null
