export { encodingFromName, familyFromName, type ModelFamily } from './families.ts';
export { type MergeConflict, type MergedPriceList, mergePriceList, type PriceChange } from './merge.ts';
export {
  type ParsedPriceList,
  type PriceListFormat,
  type PriceListOptions,
  parsePriceList,
} from './price-list.ts';
export { createModelRegistry, familyOf, type ModelRegistryOptions, packagedModels } from './registry.ts';
