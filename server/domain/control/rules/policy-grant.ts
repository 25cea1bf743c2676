import type { ConditionalAccessPolicyItem } from '../../evidence/items.ts'

type Grant = ConditionalAccessPolicyItem['grantControls']
type Strength = NonNullable<NonNullable<Grant>['authenticationStrength']>

/** What a policy asks of a sign-in that it applies to. */
export type GrantEffect = 'block' | 'second_factor' | 'something_weaker' | 'nothing'

/**
 * With the operator AND one control that is a second factor is enough; with OR, or an operator that is not known,
 * every alternative must be one. Custom controls and terms of use are none: Entra takes neither for MFA.
 * https://learn.microsoft.com/graph/api/resources/conditionalaccessgrantcontrols
 */
export function grantEffect(grant: Grant): GrantEffect {
  if (grant === null) return 'nothing'
  if (grant.builtInControls.includes('block')) return 'block'
  const alternatives = [
    ...grant.builtInControls.map(control => control === 'mfa'),
    ...grant.customAuthenticationFactors.map(() => false),
    ...grant.termsOfUse.map(() => false),
    ...(grant.authenticationStrength === null ? [] : [strengthNeedsTwoFactors(grant.authenticationStrength)]),
  ]
  if (alternatives.length === 0) return 'nothing'
  const needsAll = grant.operator?.toUpperCase() === 'AND'
  const demands = needsAll ? alternatives.includes(true) : !alternatives.includes(false)
  return demands ? 'second_factor' : 'something_weaker'
}

/** As Entra says, and not against the combinations that it lists: one single factor among them is enough to get in. */
function strengthNeedsTwoFactors({ requirementsSatisfied, allowedCombinations }: Strength): boolean {
  if (allowedCombinations.some(isSingleFactor)) return false
  if (requirementsSatisfied === null) {
    return allowedCombinations.length > 0 && allowedCombinations.every(isTwoFactors)
  }
  return flags(requirementsSatisfied).includes('mfa')
}

const singleFactors = [
  'password',
  'voice',
  'hardwareOath',
  'softwareOath',
  'sms',
  'microsoftAuthenticatorPush',
  'email',
  'x509CertificateSingleFactor',
  'federatedSingleFactor',
  'qrCodePin',
]

const twoFactorsInOne = [
  'fido2',
  'windowsHelloForBusiness',
  'deviceBasedPush',
  'temporaryAccessPassOneTime',
  'temporaryAccessPassMultiUse',
  'x509CertificateMultiFactor',
  'federatedMultiFactor',
]

const isSingleFactor = (combination: string) => singleFactors.includes(combination.trim())

const isTwoFactors = (combination: string) =>
  twoFactorsInOne.includes(combination.trim()) || flags(combination).length > 1

const flags = (text: string) => text.split(',').map(flag => flag.trim())
