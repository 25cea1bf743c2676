/** The product's name, kept in one place: it is a working title. */
export const PRODUCT_NAME = 'Attestry'
export const PRODUCT_PURPOSE = 'Access-control evidence for SOC 2 that can prove what it knew, and when.'
