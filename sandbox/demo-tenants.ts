import { fixedIndex, toSeconds } from './entra/directory/account.ts'
import { generatePolicies } from './entra/directory/policies.ts'
import type { PolicyDocument, ScriptedChange, TenantSpec } from './entra/types.ts'

/** The directories of the demo: what an admin pastes into the connect form. */
export interface DemoDirectory {
  tenantId: string
  clientId: string
  clientSecret: string
  displayName: string
}

export const demoDirectories = {
  contoso: {
    tenantId: '8f2c1a4e-6b7d-4c3a-9e21-5d0f7b1a2c3d',
    clientId: '3b9d5e70-1f24-4a8c-b6d3-7e2a9c4f8b15',
    clientSecret: 'Q~demo.only-8Q7~not-a-secret',
    displayName: 'Contoso',
  },
  fabrikam: {
    tenantId: 'c4d7e9b2-3a58-4f16-8c0d-1b6e2f7a9d84',
    clientId: '5a1c8f36-9d2b-4e70-a4b8-0c3d6e9f1a27',
    clientSecret: 'Q~demo.only-5F3~not-a-secret',
    displayName: 'Fabrikam',
  },
} as const satisfies Record<string, DemoDirectory>

const days = (count: number) => count * 86_400_000

/** @param since when the directories' story begins */
export function demoTenants(since: Date, callback: string): TenantSpec[] {
  const secretExpiresAt = new Date(Date.now() + days(180))
  const app = ({ clientId, clientSecret }: DemoDirectory) => ({
    clientId,
    clientSecret,
    displayName: 'Attestry',
    secretId: '7d1e0c52-44a9-4b8e-9b0e-2f3c5d6a7e81',
    secretExpiresAt,
    redirectUris: [callback],
  })
  const { contoso, fabrikam } = demoDirectories
  return [
    {
      ...contoso,
      seed: 11,
      size: 148,
      licence: 'P2',
      since,
      churn: true,
      lateArrivals: true,
      riskySignInsPerDay: 0.8,
      script: policyEdits({ seed: 11, since }),
      apps: [app(contoso)],
    },
    {
      ...fabrikam,
      seed: 23,
      size: 64,
      licence: 'P1',
      since,
      churn: true,
      peopleWithoutMfa: 0,
      apps: [app(fabrikam)],
    },
  ].map(({ clientId: _, clientSecret: __, ...spec }) => spec as TenantSpec)
}

/** Two edits shortly before the demo begins, so that a short history has changes of the policies as well. */
function policyEdits({ seed, since }: { seed: number; since: Date }): ScriptedChange[] {
  const spec = { seed, since, emergency: fixedIndex.emergency, hasRisk: true, hasChurn: true }
  const edited = (at: Date, name: string, edit: Partial<PolicyDocument>) => (policy: PolicyDocument) =>
    policy.displayName === name ? { ...policy, modifiedDateTime: toSeconds(at), ...edit } : policy
  const first = new Date(since.getTime() + days(37.6))
  const second = new Date(since.getTime() + days(39.2))
  const before = generatePolicies(spec, first)
  const afterFirst = before.map(edited(first, 'Block access from unapproved countries', { state: 'enabled' }))
  const afterBoth = afterFirst.map(
    edited(second, 'Old pilot: terms of use', { displayName: 'Terms of use for partners (draft)' }),
  )
  return [
    { at: first, change: 'set-policies', policies: afterFirst },
    { at: second, change: 'set-policies', policies: afterBoth },
  ]
}
